cli_src := main.c app.c commands.c options.c print.c usage.c find.c \
	cmd_init.c cmd_new.c cmd_render.c cmd_send.c cmd_who.c cmd_status.c \
	cmd_import.c cmd_export.c cmd_subscriber.c cmd_catch.c cmd_config.c \
	cmd_help.c send_report.c signals.c man.c mdoc.c completion.c
