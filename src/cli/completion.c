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

/* `-o default` completes file names where nothing of ours fits. */
static void bash(FILE *to)
{
	fputs("# completion of tidings for bash\n_tidings() {\n"
	      "\tlocal cur=${COMP_WORDS[COMP_CWORD]} word command= own=\n"
	      "\tfor word in \"${COMP_WORDS[@]:1:COMP_CWORD-1}\"; do\n"
	      "\t\tcase $word in\n\t\t",
	      to);
	put_commands(to, "|");
	fputs(") command=$word; break ;;\n\t\tesac\n\tdone\n"
	      "\tcase $command in\n\t'') own='",
	      to);
	put_commands(to, " ");
	fputs("' ;;\n", to);
	for (size_t i = 0; commands[i]; i++) {
		fprintf(to, "\t%s) own='", commands[i]->name);
		put_names(to, commands[i]->options);
		fputs("'", to);
		if (takes_issue(commands[i]))
			fputs(" own+=\" $(cd articles 2>/dev/null && "
			      "ls -- *.md 2>/dev/null | sed 's/\\.md$//')\"",
			      to);
		fputs(" ;;\n", to);
	}
	fputs("\tesac\n\town+='", to);
	put_names(to, global_options);
	fputs("'\n\tCOMPREPLY=($(compgen -W \"$own\" -- \"$cur\"))\n}\n"
	      "complete -o default -F _tidings tidings\n",
	      to);
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

static void zsh(FILE *to)
{
	fputs("#compdef tidings\n# completion of tidings for zsh\n"
	      "_tidings() {\n\tlocal -a names issues\n"
	      "\tif (( CURRENT == 2 )); then\n\t\tnames=(",
	      to);
	for (size_t i = 0; commands[i]; i++) {
		fprintf(to, "\n\t\t\t'%s:", commands[i]->name);
		put_help(to, commands[i]->summary);
		fputc('\'', to);
	}
	fputs("\n\t\t)\n\t\t_describe command names\n\t\treturn\n\tfi\n"
	      "\tissues=(articles/*.md(N:t:r))\n\tcase $words[2] in\n",
	      to);
	for (size_t i = 0; commands[i]; i++) {
		fprintf(to, "\t%s)\n\t\t_arguments", commands[i]->name);
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

static void fish(FILE *to)
{
	char when[128];

	fputs("# completion of tidings for fish\n", to);
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
				"'(path change-extension \"\" "
				"(path basename articles/*.md))'\n",
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
