/* completion.c - scripts that complete commands, options and issues */
#include "cli_priv.h"
#include "options_priv.h"

static void put_names(FILE *to, const struct option *option)
{
	for (; option && option->name; option++)
		if (option->help)
			fprintf(to, " --%s", option->name);
}

static void put_commands(FILE *to, const char *between)
{
	for (size_t i = 0; commands[i]; i++)
		fprintf(to, "%s%s", i ? between : "", commands[i]->name);
}

static bool takes_issue(const struct command *command)
{
	return strstr(command->args, "ISSUE") != NULL;
}

/* Where -C leads, and which command is meant. What stands on the line is a
 * text with the shell's quotes in it: they are dropped, and nothing of it is
 * ever evaluated. */
static const char bash_words[] =
	"\tlocal cur=${COMP_WORDS[COMP_CWORD]} word command= own= issues=\n"
	"\tlocal dir=. take= file i\n"
	"\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	"\t\tword=${COMP_WORDS[i]}\n"
	"\t\tif [[ $take ]]; then\n"
	"\t\t\t[[ $word = = ]] || { dir=$word; take=; }\n"
	"\t\t\tcontinue\n"
	"\t\tfi\n"
	"\t\tcase $word in\n"
	"\t\t-C|--directory) take=yes ;;\n"
	"\t\t-C*) dir=${word#-C} ;;\n"
	"\t\t";

/* The shell evaluates the words of `compgen -W`: those are constants. Names of
 * files are compared here, as they would be written on the line. */
static const char bash_answer[] =
	"\tCOMPREPLY=($(compgen -W \"$own\" -- \"$cur\"))\n"
	"\t[[ $issues ]] || return 0\n"
	"\tdir=${dir//[\\\"\\'\\\\]/}\n"
	"\t[[ $dir != '~' && $dir != '~/'* ]] || dir=$HOME${dir#'~'}\n"
	"\tfor file in \"$dir\"/articles/*.md; do\n"
	"\t\t[[ -f $file ]] || continue\n"
	"\t\tword=${file##*/}\n"
	"\t\tprintf -v word %q \"${word%.md}\"\n"
	"\t\t[[ $word != \"$cur\"* ]] || COMPREPLY+=(\"$word\")\n"
	"\tdone\n"
	"}\n"
	"complete -o default -F _tidings tidings\n";

/* `-o default` completes file names where nothing of ours fits. */
static void bash(FILE *to)
{
	fputs("# completion of tidings for bash\n_tidings() {\n", to);
	fputs(bash_words, to);
	put_commands(to, "|");
	fputs(") command=${command:-$word} ;;\n\t\tesac\n\tdone\n"
	      "\tCOMPREPLY=()\n\t[[ ! $take ]] || return 0\n"
	      "\tcase $command in\n\t'') own='",
	      to);
	put_commands(to, " ");
	fputs("' ;;\n", to);
	for (size_t i = 0; commands[i]; i++) {
		fprintf(to, "\t%s) own='", commands[i]->name);
		put_names(to, commands[i]->options);
		fprintf(to, "'%s ;;\n",
			takes_issue(commands[i]) ? " issues=yes" : "");
	}
	fputs("\tesac\n\town+='", to);
	put_names(to, global_options);
	fputs("'\n", to);
	fputs(bash_answer, to);
}

/* Text between single quotes of a shell; also without what _arguments and
 * _describe of zsh would take for their own. */
static void put_help(FILE *to, const char *text)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", to);
		else if (strchr(":[]", *text))
			fputc(' ', to);
		else
			fputc(*text, to);
	}
}

static void zsh_options(FILE *to, const struct option *option)
{
	for (; option && option->name; option++) {
		if (!option->help)
			continue;
		fprintf(to, " \\\n\t\t\t'%s--%s[",
			option->kind == OPTION_MANY ? "*" : "", option->name);
		put_help(to, option->help);
		fputc(']', to);
		if (option->arg)
			fprintf(to, ":%s:_files", option->arg);
		fputc('\'', to);
	}
}

/* $words are texts with the shell's quotes in them; (Q) drops those and
 * evaluates nothing. */
static const char zsh_words[] =
	"#compdef tidings\n# completion of tidings for zsh\n"
	"_tidings() {\n"
	"\tlocal -a names issues\n"
	"\tlocal dir=. take= command= word\n"
	"\tfor word in \"${(@)words[2,CURRENT-1]}\"; do\n"
	"\t\tif [[ -n $take ]]; then\n"
	"\t\t\tdir=$word take=\n"
	"\t\t\tcontinue\n"
	"\t\tfi\n"
	"\t\tcase $word in\n"
	"\t\t(-C|--directory) take=yes ;;\n"
	"\t\t(-C*) dir=${word#-C} ;;\n"
	"\t\t(--directory=*) dir=${word#--directory=} ;;\n"
	"\t\t(";

static const char zsh_issues[] =
	"\n\t\t)\n\t\t_describe command names\n\t\treturn\n\tfi\n"
	"\tdir=${(Q)dir}\n"
	"\t[[ $dir != '~' && $dir != '~/'* ]] || dir=$HOME${dir#'~'}\n"
	"\tissues=($dir/articles/*.md(N:t:r))\n"
	"\tcase $command in\n";

static void zsh(FILE *to)
{
	fputs(zsh_words, to);
	put_commands(to, "|");
	fputs(") command=${command:-$word} ;;\n\t\tesac\n\tdone\n"
	      "\tif [[ -n $take ]]; then\n\t\t_files -/\n\t\treturn\n\tfi\n"
	      "\tif [[ -z $command ]]; then\n\t\tnames=(",
	      to);
	for (size_t i = 0; commands[i]; i++) {
		fprintf(to, "\n\t\t\t'%s:", commands[i]->name);
		put_help(to, commands[i]->summary);
		fputc('\'', to);
	}
	fputs(zsh_issues, to);
	for (size_t i = 0; commands[i]; i++) {
		fprintf(to, "\t(%s)\n\t\t_arguments", commands[i]->name);
		zsh_options(to, commands[i]->options);
		zsh_options(to, global_options);
		fprintf(to, " \\\n\t\t\t'*:word:%s' ;;\n",
			takes_issue(commands[i]) ? "($issues)" : "_files");
	}
	fputs("\tesac\n}\n_tidings \"$@\"\n", to);
}

static void fish_options(FILE *to, const char *when,
			 const struct option *option)
{
	for (; option && option->name; option++) {
		if (!option->help)
			continue;
		fprintf(to, "complete -c tidings%s -l %s", when, option->name);
		if (option->letter)
			fprintf(to, " -s %c", option->letter);
		fprintf(to, "%s -d '", option->arg ? " -r" : "");
		put_help(to, option->help);
		fputs("'\n", to);
	}
}

/* fish quotes what a function prints before it puts it on the line. */
static const char fish_issues[] =
	"# completion of tidings for fish\n"
	"function __tidings_issues\n"
	"\tset -l dir .\n"
	"\tset -l take\n"
	"\tfor word in (commandline -opc)\n"
	"\t\tif test -n \"$take\"\n"
	"\t\t\tset dir $word\n"
	"\t\t\tset take\n"
	"\t\t\tcontinue\n"
	"\t\tend\n"
	"\t\tswitch $word\n"
	"\t\t\tcase -C --directory\n"
	"\t\t\t\tset take yes\n"
	"\t\t\tcase '-C*'\n"
	"\t\t\t\tset dir (string sub -s 3 -- $word)\n"
	"\t\t\tcase '--directory=*'\n"
	"\t\t\t\tset dir (string sub -s 13 -- $word)\n"
	"\t\tend\n"
	"\tend\n"
	"\tif string match -q -- '~/*' $dir\n"
	"\t\tset dir $HOME/(string sub -s 3 -- $dir)\n"
	"\tend\n"
	"\tset -l files $dir/articles/*.md\n"
	"\tfor file in $files\n"
	"\t\tstring replace -r '^.*/(.*)\\.md$' '$1' -- $file\n"
	"\tend\n"
	"end\n";

static void fish(FILE *to)
{
	char when[128];

	fputs(fish_issues, to);
	for (size_t i = 0; commands[i]; i++) {
		fprintf(to,
			"complete -c tidings -f -n __fish_use_subcommand "
			"-a %s -d '",
			commands[i]->name);
		put_help(to, commands[i]->summary);
		fputs("'\n", to);
		snprintf(when, sizeof(when),
			 " -n '__fish_seen_subcommand_from %s'",
			 commands[i]->name);
		fish_options(to, when, commands[i]->options);
		if (takes_issue(commands[i]))
			fprintf(to,
				"complete -c tidings%s -a "
				"'(__tidings_issues)'\n",
				when);
	}
	fish_options(to, "", global_options);
}

static const struct {
	struct str name;
	void (*put)(FILE *to);
} shells[] = {
	{ STR("bash"), bash },
	{ STR("zsh"), zsh },
	{ STR("fish"), fish },
};

#define SHELL_COUNT (sizeof(shells) / sizeof(*shells))

int completion_print(FILE *to, const char *shell, struct err *err)
{
	struct str names[SHELL_COUNT];

	for (size_t i = 0; i < SHELL_COUNT; i++) {
		names[i] = shells[i].name;
		if (str_eqz(names[i], shell)) {
			shells[i].put(to);
			return 0;
		}
	}
	return options_unknown("completion for", str_of(shell), names,
			       SHELL_COUNT, err);
}
