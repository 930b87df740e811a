import Profiles

extension ForeignEntry {
    /// Takes over what a JDBC address says.
    mutating func take(_ address: JDBCAddress) {
        conninfo = address.uri
        settings.merge(address.settings) { old, _ in old }
        remarks += address.remarks
    }

    /// Takes over parameters of the driver that stand beside an address, whose own stand over them, as the driver has it.
    mutating func take(driver parameters: [(name: String, value: String)]) {
        let beside = JDBCAddress(parameters: parameters)
        settings.merge(beside.settings) { own, _ in own }
        remarks += beside.remarks
    }
}
