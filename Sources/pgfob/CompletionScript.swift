/// The completion scripts of the argument parser, with what it leaves out: the topics of `help`, the files behind
/// `--`, and, in bash, names with a colon or an equals sign in them.
enum CompletionScript {
    /// - Parameters:
    ///   - script: what the argument parser made.
    ///   - arguments: the line that asked for it; tells the shell.
    static func mended(_ script: String, for arguments: [String]) -> String {
        guard let first = arguments.first, first.hasPrefix("--generate-completion-script") else {
            return script
        }
        let topics = (Pgfob.names.filter { $0 != "help" } + ["json"]).joined(separator: " ")
        if arguments.contains(where: { $0.hasSuffix("bash") }) { return bash(script, topics) }
        if arguments.contains(where: { $0.hasSuffix("zsh") }) {
            return withEqualsSigns(script.replacing("'*:subcommands:'", with: "':topic:(\(topics))'"))
        }
        guard arguments.contains(where: { $0.hasSuffix("fish") }) else { return script }
        return script + """

            function __pgfob_is_help
                set -l words (commandline -opc)
                test (count $words) -eq 2; and test $words[2] = help
            end
            function __pgfob_is_behind_terminator
                set -l words (commandline -opc)
                contains -- -- $words; and contains -- $words[2] connect exec
            end
            complete -c 'pgfob' -n __pgfob_is_help -fa '\(topics)'
            complete -c 'pgfob' -n __pgfob_is_behind_terminator -F
            """
    }

    /// Lets `_arguments` of zsh take an option's value behind an equals sign, too: `'--group=[…]:group:…'`.
    private static func withEqualsSigns(_ script: String) -> String {
        script.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            let spec = line.trimmingBlanks()
            guard spec.hasPrefix("'--") || spec.hasPrefix("'*--"), let end = line.firstIndex(of: "["),
                line.contains("]:")
            else { return String(line) }
            return "\(line[..<end])=\(line[end...])"
        }.joined(separator: "\n")
    }

    private static let bashRegistration = "complete -o filenames -F _pgfob pgfob"

    private static func bash(_ script: String, _ topics: String) -> String {
        let more = #"""
            _pgfob_help() {
                [[ "${#unparsed_words[@]}" -gt 1 ]] || COMPREPLY+=($(compgen -W 'TOPICS' -- "${cur}"))
            }

            # bash takes a name with a colon or an equals sign in it for several words: here it is one. `--group=pay` is two.
            __pgfob_whole_words() {
                local -a words=()
                local -i index cword=0 is_joined=0 is_behind=0 is_open=0
                local rest="${COMP_LINE}" word last start
                for index in "${!COMP_WORDS[@]}"; do
                    word="${COMP_WORDS[index]}"
                    start="${rest%%[![:space:]]*}"
                    rest="${rest#"${start}"}"
                    rest="${rest#"${word}"}"
                    last=''
                    [[ "${#words[@]}" -gt 0 ]] && last="${words[${#words[@]} - 1]}"
                    if [[ -z "${start}" && "${word}" = '=' && "${last}" =~ ^--[a-z-]+$ ]]; then
                        words+=('')
                        is_joined=1 is_open=2
                    elif [[ "${is_open}" -eq 1 && -z "${start}" ]]; then
                        words[${#words[@]} - 1]="${word}"
                    elif [[ "${index}" -gt 0 && -z "${start}" && "${last}" != -* \
                        && ( "${word}" = [:=]* || "${last}" = *[:=] ) ]]; then
                        words[${#words[@]} - 1]="${last}${word}"
                        [[ "${index}" -eq "${COMP_CWORD}" ]] && is_joined=1
                    else
                        words+=("${word}")
                        [[ "${index}" -eq "${COMP_CWORD}" && "${word}" = [:=]* && "${last}" != -* ]] && is_joined=1
                    fi
                    [[ "${is_open}" -gt 0 ]] && is_open=$((is_open - 1))
                    if [[ "${index}" -le "${COMP_CWORD}" ]]; then
                        cword=$((${#words[@]} - 1))
                        [[ "${index}" -lt "${COMP_CWORD}" && "${word}" = -- ]] && is_behind=1
                    fi
                done

                if [[ "${is_behind}" -eq 1 && " ${COMP_WORDS[*]} " = *' '@(connect|exec)' '* ]]; then
                    local cur="${2}"
                    __pgfob_add_completions -f
                    return
                fi
                if [[ "${is_joined}" -eq 0 ]]; then
                    _pgfob "${@}"
                    return
                fi
                local -a COMP_WORDS=("${words[@]}")
                local -i COMP_CWORD="${cword}"
                local whole="${words[cword]}"
                _pgfob "${1}" "${whole}" "${words[cword - 1]}"
                # The shell puts what is found in place of the last piece alone.
                COMPREPLY=("${COMPREPLY[@]#"${whole%"${2}"}"}")
            }

            complete -o filenames -F __pgfob_whole_words pgfob
            """#.replacing("TOPICS", with: topics)
        return script.replacing(bashRegistration, with: more)
    }
}
