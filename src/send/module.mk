send_src := books.c forms.c generation.c lane.c local.c pipe.c policy.c rate.c \
            recover.c relay.c send.c sender.c slots.c
