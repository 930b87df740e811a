import AWS
import Diagnosis
import ProfileStore
import Profiles

extension Refusal {
    /// What the store said.
    init(_ failure: StoreFailure) {
        self.init(
            failure.isNameTaken ? .usage : failure.kind == .changedElsewhere ? .failed : .store, failure.what,
            do: failure.remedy, field: failure.isNameTaken ? .name : nil)
        isClash = failure.kind == .changedElsewhere
    }

    /// A field that cannot be saved.
    init(_ problem: FieldProblem) {
        self.init(.usage, problem.field.rawValue, do: problem.message, field: problem.field)
    }

    /// A profile that cannot be signed for or dialled.
    init(_ problem: ProfileProblem) {
        self.init(.failed, problem.message, do: problem.fix, cause: problem.kind.code)
    }

    /// Credentials that are missing, broken or over; or what AWS did not do for good ones.
    init(_ failure: AWSFailure) {
        self.init(
            failure.concernsCredentials ? .credentials : .failed, failure.message, do: failure.whatToDo,
            cause: CauseCode(rawValue: failure.code))
        login = failure.login
        details = failure.reasons
    }

    /// Runs a store's verb and words its failure as a refusal.
    static func wrapping<Value>(_ body: () throws(StoreFailure) -> Value) throws(Refusal) -> Value {
        do { return try body() } catch { throw Refusal(error) }
    }
}

extension ProfileProblem.Kind {
    /// The code that scripts see.
    var code: CauseCode {
        switch self {
        case .regionUnknown: .regionUnknown
        case .hostNotSignable: .hostNotSignable
        case .hostInvalid: .hostInvalid
        case .incomplete: .profileIncomplete
        case .tlsRequiredByToken: .tlsRequiredByToken
        }
    }
}
