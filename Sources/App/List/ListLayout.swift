import Screen

/// How the screen is divided at a size: header, column heads, list, detail, status line and footer.
struct ListLayout {
    /// Below this the screen only says that it is too small.
    static let smallest = Size(columns: 60, rows: 15)
    /// From so many columns on the detail stands to the right of the list.
    static let wide = 160

    let size: Size
    /// Rows of the detail below the list, its rule included; 0 where there is none.
    let detailRows: Int
    /// Columns of the detail at the right, its line included; 0 where there is none.
    let detailColumns: Int

    init(size: Size, showsDetail: Bool) {
        self.size = size
        if !showsDetail {
            (detailRows, detailColumns) = (0, 0)
        } else if size.columns >= Self.wide {
            (detailRows, detailColumns) = (0, min(76, size.columns * 3 / 10))
        } else if size.rows >= 32, size.columns >= 100 {
            (detailRows, detailColumns) = (8, 0)
        } else {
            (detailRows, detailColumns) = (size.rows >= 20 ? 4 : 0, 0)
        }
    }

    var isTooSmall: Bool { size.columns < Self.smallest.columns || size.rows < Self.smallest.rows }
    var listTop: Int { 2 }
    var listRows: Int { max(1, size.rows - 4 - detailRows) }
    var listColumns: Int { size.columns - detailColumns }
    /// What the columns share: beside a detail one blank stays before its line.
    var columnsWidth: Int { detailColumns > 0 ? listColumns - 1 : listColumns }
    var detailTop: Int { listTop + listRows }
    var statusRow: Int { size.rows - 2 }
    var footerRow: Int { size.rows - 1 }
}
