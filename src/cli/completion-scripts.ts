// How each shell is told what to complete: one function over the words typed so far, without the shells' own libraries.
// Texts come from the table of commands and the names of fields; all are quoted for the shell.

/** All that is offered, as plain words. */
export interface Offered {
  commands: OfferedCommand[];
  fields: string[];
}

export interface OfferedCommand {
  name: string;
  summary: string;
  options: OfferedOption[];
  subcommands: { name: string; summary: string; options: OfferedOption[]; takesFile: boolean }[];
  /** What its first word may be, where it has no subcommands and that is known. */
  words: readonly string[];
  takesFile: boolean;
}

export interface OfferedOption {
  name: string;
  summary: string;
  /** What may follow it; `any` text cannot be offered. */
  value: 'none' | 'any' | 'file' | 'fields' | readonly string[];
}

/** For bash and zsh: everything between two single quotes is as it stands. */
function single(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

const singles = (texts: readonly string[]): string => texts.map(single).join(' ');
const namesOf = (items: readonly { name: string }[]): string[] => items.map(({ name }) => name);

/** Bash 3.2 (macOS) has no compopt: it only puts a blank behind a field. */
const BASH_HEAD = `# Completion of fin for bash: put  source <(fin completion bash)  into ~/.bashrc.

# The words after the first that begin with it, quoted where they need it.
_fin_offer() {
  local typed=$1 quoted= word shown
  shift
  case $typed in
  [\\"\\']*)
    quoted=\${typed:0:1}
    typed=\${typed:1}
    ;;
  *) typed=\${typed//\\\\/} ;;
  esac
  for word in "$@"; do
    [[ $word == "$typed"* ]] || continue
    shown=$word
    [[ -n $quoted ]] || printf -v shown %q "$word"
    COMPREPLY+=("$shown")
  done
}

# The same for the last part of a list with commas.
_fin_offer_list() {
  local typed=$1 before= word
  shift
  typed=\${typed#[\\"\\']}
  case $typed in
  *,*)
    before=\${typed%,*},
    typed=\${typed##*,}
    ;;
  -*)
    before=-
    typed=\${typed#-}
    ;;
  esac
  for word in "$@"; do
    [[ $word == "$typed"* ]] && COMPREPLY+=("$before$word")
  done
  compopt -o nospace 2>/dev/null
}

_fin_offer_files() {
  local file
  while IFS= read -r file; do COMPREPLY+=("$file"); done < <(compgen -f -- "$1")
  compopt -o filenames 2>/dev/null
}
`;

export function writeBash({ commands, fields }: Offered): string {
  return `${BASH_HEAD}
_fin() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} options=()
  local command=\${COMP_WORDS[1]} subcommand=\${COMP_WORDS[2]}
  local fields=(${singles(fields)})
  COMPREPLY=()
  # --side=put is three words.
  if [[ $cur == = ]]; then
    cur=
  elif [[ $prev == = ]]; then
    prev=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  if ((COMP_CWORD == 1)); then
    _fin_offer "$cur" ${singles(namesOf(commands))}
    return
  fi
  case $command in
${commands.map(caseOfBash).join('\n')}
  *) return ;;
  esac
  [[ $cur == -* ]] && _fin_offer "$cur" "\${options[@]}"
}

complete -F _fin fin
`;
}

function caseOfBash(command: OfferedCommand): string {
  const { name, options, subcommands } = command;
  const words = firstWordsOf(command);
  return [
    `  ${single(name)})`,
    ...casesOfValues([...options, ...subcommands.flatMap((sub) => sub.options)], {
      fields: '_fin_offer_list "$cur" "${fields[@]}"; return',
      file: '_fin_offer_files "$cur"; return',
      any: 'return',
      listOf: (values) => `_fin_offer "$cur" ${singles(values)}; return`,
    }),
    `    options=(${singles(namesOf(options))})`,
    ...casesOfSubcommands(command),
    ...(words.length === 0
      ? []
      : [`    if ((COMP_CWORD == 2)) && [[ $cur != -* ]]; then _fin_offer "$cur" ${singles(words)}; fi`]),
    ...(command.takesFile ? ['    if ((COMP_CWORD == 2)) && [[ $cur != -* ]]; then _fin_offer_files "$cur"; fi'] : []),
    ...filesOf(command).map(
      (sub) =>
        `    if ((COMP_CWORD == 3)) && [[ $subcommand == ${single(sub)} && $cur != -* ]]; then _fin_offer_files "$cur"; fi`,
    ),
    '    ;;',
  ].join('\n');
}

const firstWordsOf = ({ subcommands, words }: OfferedCommand): readonly string[] =>
  subcommands.length > 0 ? namesOf(subcommands) : words;

/** The subcommands whose word is a file. */
const filesOf = ({ subcommands }: OfferedCommand): string[] => namesOf(subcommands.filter((sub) => sub.takesFile));

function casesOfSubcommands({ subcommands }: OfferedCommand): string[] {
  const own = subcommands.filter(({ options }) => options.length > 0);
  if (own.length === 0) return [];
  return [
    '    case $subcommand in',
    ...own.map(({ name, options }) => `    ${single(name)}) options+=(${singles(namesOf(options))}) ;;`),
    '    esac',
  ];
}

interface ValueWords {
  fields: string;
  file: string;
  any: string;
  listOf(values: readonly string[]): string;
}

/** What follows an option that takes something; bash and zsh read `case` alike. */
function casesOfValues(options: readonly OfferedOption[], words: ValueWords): string[] {
  const cases = options.flatMap(({ name, value }) => {
    if (value === 'none') return [];
    const action = typeof value === 'string' ? words[value] : words.listOf(value);
    return [`    ${name}) ${action} ;;`];
  });
  return cases.length === 0 ? [] : ['    case $prev in', ...cases, '    esac'];
}

export function writeZsh({ commands, fields }: Offered): string {
  return `#compdef fin
# Completion of fin for zsh: put  source <(fin completion zsh)  into ~/.zshrc behind compinit, or save it as _fin in a
# folder of $fpath.

_fin() {
  local cur=$words[CURRENT] prev=$words[CURRENT-1] command=$words[2] subcommand=$words[3]
  local -a fields commands options subcommands
  fields=(${singles(fields)})
  if [[ $cur == --*=* ]]; then
    prev=\${cur%%=*}
    compset -P '*='
  fi
  if (( CURRENT == 2 )); then
    commands=(${singles(commands.map(described))})
    _describe -t commands command commands
    return
  fi
  case $command in
${commands.map(caseOfZsh).join('\n')}
  *) return 1 ;;
  esac
  if [[ $cur == -* ]]; then _describe -o -t options option options; fi
}

if [[ $funcstack[1] == _fin ]]; then
  _fin "$@"
else
  compdef _fin fin
fi
`;
}

/** A colon parts word and description. */
function described({ name, summary }: { name: string; summary: string }): string {
  return `${name.replaceAll(':', '\\:')}:${summary}`;
}

function caseOfZsh(command: OfferedCommand): string {
  const { name, options, subcommands, words } = command;
  const own = subcommands.filter((sub) => sub.options.length > 0);
  const isFirst = '(( CURRENT == 3 )) && [[ $cur != -* ]]';
  return [
    `  ${single(name)})`,
    ...casesOfValues([...options, ...subcommands.flatMap((sub) => sub.options)], {
      fields: "compset -P '*,' || compset -P '-'; compadd -S '' -- $fields; return",
      file: '_files; return',
      any: 'return',
      listOf: (values) => `compadd -- ${singles(values)}; return`,
    }),
    `    options=(${singles(options.map(described))})`,
    ...own.map(
      (sub) => `    [[ $subcommand == ${single(sub.name)} ]] && options+=(${singles(sub.options.map(described))})`,
    ),
    ...(subcommands.length === 0
      ? []
      : [
          `    subcommands=(${singles(subcommands.map(described))})`,
          `    ${isFirst} && _describe -t commands subcommand subcommands`,
        ]),
    ...(words.length === 0 ? [] : [`    ${isFirst} && compadd -- ${singles(words)}`]),
    ...(command.takesFile ? [`    ${isFirst} && _files`] : []),
    ...filesOf(command).map(
      (sub) => `    (( CURRENT == 4 )) && [[ $subcommand == ${single(sub)} && $cur != -* ]] && _files`,
    ),
    '    ;;',
  ].join('\n');
}

/** Between single quotes fish still reads a backslash. */
function fish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** Of a list with commas the last part; what is before it stays. */
const FISH_FIELDS = `function __fin_fields
    set -l before (string replace -r '[^,]*$' '' -- (commandline -ct))
    printf '%s\\n' $before$__fin_field_names
end`;

export function writeFish({ commands, fields }: Offered): string {
  const lines = commands.flatMap((command) => {
    const { name, summary, options, subcommands, words, takesFile } = command;
    const here = `__fin_command ${name}`;
    return [
      `complete -c fin -n __fin_first -a ${fish(name)} -d ${fish(summary)}`,
      ...options.map((option) => fishOption(here, option)),
      ...subcommands.flatMap((sub) => [
        `complete -c fin -n ${fish(`${here}; and __fin_at 2`)} -a ${fish(sub.name)} -d ${fish(sub.summary)}`,
        ...sub.options.map((option) => fishOption(`${here}; and __fish_seen_subcommand_from ${sub.name}`, option)),
        ...(sub.takesFile
          ? [`complete -c fin -n ${fish(`${here}; and __fish_seen_subcommand_from ${sub.name}; and __fin_at 3`)} -F`]
          : []),
      ]),
      ...(words.length === 0
        ? []
        : [`complete -c fin -n ${fish(`${here}; and __fin_at 2`)} -a ${fish(words.join(' '))}`]),
      ...(takesFile ? [`complete -c fin -n ${fish(here)} -F`] : []),
    ];
  });
  return `# Completion of fin for fish: fin completion fish > ~/.config/fish/completions/fin.fish

set -g __fin_field_names ${fields.map(fish).join(' ')}

${FISH_FIELDS}

# Whether so many words stand before the cursor, fin among them.
function __fin_at
    test (count (commandline -opc)) -eq $argv[1]
end

function __fin_first
    __fin_at 1
end

function __fin_command
    set -l words (commandline -opc)
    test (count $words) -gt 1; and test "$words[2]" = $argv[1]
end

complete -c fin -e
complete -c fin -f
${lines.join('\n')}
`;
}

function fishOption(condition: string, { name, summary, value }: OfferedOption): string {
  const option = `complete -c fin -n ${fish(condition)} -l ${name.replace(/^--/, '')} -d ${fish(summary)}`;
  if (value === 'none') return option;
  if (value === 'file') return `${option} -r -F`;
  if (value === 'any') return `${option} -x`;
  if (value === 'fields') return `${option} -x -a '(__fin_fields)'`;
  // A value of several words is one only where its blanks are escaped.
  return `${option} -x -a ${fish(value.map((each) => each.replaceAll(' ', '\\ ')).join(' '))}`;
}
