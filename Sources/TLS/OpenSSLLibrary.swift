import COpenSSL

/// The OpenSSL that runs.
package enum OpenSSLLibrary {
    /// `OpenSSL 3.0.17 1 Jul 2025`. The corresponding C function is `OpenSSL_version`.
    package static var version: String { String(cString: copenssl_version()) }
}
