cli_src := main.c app.c commands.c options.c print.c usage.c find.c \
	cmd_init.c cmd_new.c cmd_render.c cmd_preview.c cmd_template.c cmd_test.c cmd_send.c cmd_who.c cmd_status.c cmd_pause.c cmd_settle.c settle_log.c \
	cmd_import.c cmd_export.c cmd_subscriber.c cmd_catch.c cmd_config.c cmd_dkim.c cmd_markdown.c \
	cmd_help.c send_report.c signals.c man.c mdoc.c completion.c
