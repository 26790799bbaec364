send_src := books.c breaker.c end.c forms.c gauge.c generation.c hours.c lane.c local.c once.c pick.c pipe.c \
            policy.c rate.c recover.c relay.c send.c sender.c signer.c slots.c
