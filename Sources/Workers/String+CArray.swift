extension String {
    /// The text in a C array, up to its zero; the bytes that are no UTF-8 replaced.
    package init(cArray characters: some Sequence<CChar>) {
        self.init(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
