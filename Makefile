# Tidings. One make, one graph: the module.mk files only list sources.
#
#: make            build build/release/tidings
#: make help       these words
#
# Needs GNU make 4, a C11 compiler and the libraries that src/tools/deps.sh
# names (it installs them on Debian).

PREFIX  ?= /usr/local
BUILD   ?= release
O       ?= build/$(BUILD)
VERSION := 0.1.0

.DEFAULT_GOAL := all

# --- modules -----------------------------------------------------------------

MODULES := $(foreach m,$(shell sed -n 's/^\([a-z]*\):.*/\1/p' src/layers.txt),\
             $(if $(wildcard src/$m/module.mk),$m))
include $(MODULES:%=src/%/module.mk)

# A module and all below it that it may include: what its tests link.
closure = $(shell awk -v want=$1 -f src/tools/closure.awk src/layers.txt)

# --- flags -------------------------------------------------------------------

WARN   := -Wall -Wextra -Wformat=2 -Wshadow -Wvla -Wstrict-prototypes \
          -Wmissing-prototypes -Wswitch-enum -Wwrite-strings -Wcast-qual \
          -Wconversion -Wsign-conversion -Wdouble-promotion
# Not every compiler and processor knows all of these.
knows  = $(shell $(CC) -Werror $1 -fsyntax-only -x c - </dev/null 2>/dev/null && echo "$1")
HARDEN := -fstack-protector-strong -fno-common -fPIE \
          $(call knows,-fstack-clash-protection) $(call knows,-fcf-protection) \
          $(call knows,-ftrivial-auto-var-init=zero)
FLAGS_release := -O2 -g -D_FORTIFY_SOURCE=3 $(HARDEN)
FLAGS_debug   := -Og -g -Werror $(HARDEN)
FLAGS_fuzz    := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined \
                 -fsanitize=fuzzer-no-link
FLAGS_asan    := -O1 -g -Werror -fno-omit-frame-pointer \
                 -fsanitize=address,undefined -fno-sanitize-recover=all
LINK_release  := -pie -Wl,-z,relro,-z,now,-z,noexecstack
LINK_debug    := -pie

PKGS   := $(sort $(foreach m,$(MODULES),$($m_pkgs)))
# Of these no more than the headers.
HEADS  := $(sort $(foreach m,$(MODULES),$($m_headers)))
# For tests, which make what the program reads.
HEADLIBS := -Wl,--as-needed $(shell pkg-config --libs $(HEADS) 2>/dev/null)
OUR_CFLAGS := -std=c11 -D_GNU_SOURCE -DTIDINGS_VERSION='"$(VERSION)"' -pthread \
          $(WARN) $(FLAGS_$(BUILD)) -Iinclude -I$(O)/gen \
          $(shell pkg-config --cflags $(PKGS) $(HEADS) 2>/dev/null)
OUR_LDLIBS := $(foreach m,$(MODULES),$($m_libs)) \
          $(shell pkg-config --libs $(PKGS) 2>/dev/null)

# --- files -------------------------------------------------------------------

LIB     = $(O)/lib/$1.a
objects = $($1_src:%.c=$(O)/obj/$1/%.o)
ALLOBJ := $(foreach m,$(MODULES),$(call objects,$m))
ARCHIVES := $(foreach m,$(filter-out cli,$(MODULES)),$(call LIB,$m))
SQL    := $(foreach m,$(MODULES),$(addprefix src/$m/,$($m_sql)))
SQLH   := $(foreach f,$(SQL),$(O)/gen/$(basename $(notdir $f))_sql.h)
GEN    := $(SQLH) $(O)/gen/schema.h $(O)/gen/templates.h $(O)/gen/words.h $(O)/gen/sample.h $(O)/gen/preview.h

TESTS  := $(foreach m,$(MODULES),\
            $(patsubst tests/unit/%.c,$(O)/tests/%,$(wildcard tests/unit/$m_*_test.c)))

all: $(O)/tidings

# One short line a step; `make V=1` shows the commands themselves.
Q   := $(if $(V),,@)
say  = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '  %-6s %s\n' $1 $2)

# The words below are for people; each says what it does.
help:
	@sed -n 's/^#: *//p' Makefile

$(O)/tidings: $(call objects,cli) $(ARCHIVES)
	$(call say,LINK,$@)
	$(Q)$(CC) $(OUR_CFLAGS) $(CFLAGS) $(LINK_$(BUILD)) $(LDFLAGS) -o $@ \
	    $(call objects,cli) -Wl,--start-group $(ARCHIVES) -Wl,--end-group $(OUR_LDLIBS)

define module_rules
$(O)/lib/$1.a: $(call objects,$1)
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(Q)$$(AR) rcs $$@ $$^
$(O)/tests/$1_%_test: tests/unit/$1_%_test.c $(foreach m,$(filter $(MODULES),$(call closure,$1)),$(call LIB,$m))
	@mkdir -p $$(@D)
	$$(call say,TEST,$$<)
	$$(Q)$$(CC) $$(OUR_CFLAGS) $$(CFLAGS) -MMD -MP -Isrc -o $$@ $$< -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group $$(OUR_LDLIBS) $$(HEADLIBS) -lcmocka
test-$1: $$(filter $(O)/tests/$1_%,$$(TESTS))
	@set -e; for t in $$^; do CMOCKA_MESSAGE_OUTPUT=STDOUT $$$$t; done
.PHONY: test-$1
endef
$(foreach m,$(MODULES),$(eval $(call module_rules,$m)))

$(O)/obj/%.o: src/%.c | $(GEN)
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(OUR_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# --- generated ---------------------------------------------------------------

$(O)/gen/%_sql.h: src/tools/sql2h.awk
	@mkdir -p $(@D)
	$(Q)awk -v name=$* -f $< $(filter %.sql,$^) >$@
$(foreach f,$(SQL),$(eval $(O)/gen/$(basename $(notdir $f))_sql.h: $f))

$(O)/gen/schema.h: src/tools/embed.awk $(sort $(wildcard subscribers/schema/*.sql))
	@mkdir -p $(@D)
	$(Q)awk -v table=schema_files -f $^ >$@

TEMPLATES := $(sort $(foreach e,html txt yaml,$(wildcard \
             templates/mail/*.$e templates/text/*.$e templates/web/*.$e \
             templates/themes/*.$e templates/themes/*/*/*.$e)))
$(O)/gen/templates.h: src/tools/embed.awk $(TEMPLATES)
	@mkdir -p $(@D)
	$(Q)awk -v table=template_files -v root=templates/ -f $^ >$@

CATALOGUES := $(patsubst templates/%.po,$(O)/%.mo,$(sort $(wildcard templates/words/*.po)))
$(O)/words/%.mo: templates/words/%.po
	@mkdir -p $(@D)
	$(Q)msgfmt --check-domain --no-hash -o $@ $<
$(O)/gen/words.h: src/tools/words.sh $(CATALOGUES)
	@mkdir -p $(@D)
	$(Q)sh src/tools/words.sh embed $(CATALOGUES) >$@

$(O)/gen/sample.h: src/tools/embed.awk templates/welcome.md
	@mkdir -p $(@D)
	$(Q)awk -v table=sample_files -f $^ >$@

$(O)/gen/preview.h: src/tools/embed.awk $(sort $(wildcard templates/preview/*))
	@mkdir -p $(@D)
	$(Q)awk -v table=preview_files -f $^ >$@

# --- see it work -------------------------------------------------------------
#: make demo       build/demo: a publication, 200 readers, a send over real SMTP

demo:
	@src/tools/deps.sh build
	@$(MAKE) --no-print-directory -s all
	@src/tools/demo.sh $(O)/tidings build/demo

# --- tests -------------------------------------------------------------------
#: make check      install what the tests need, run all of them
#: make asan       the same under AddressSanitizer and UBSan
#: make soak       kill -9 a send of 20,000 letters a hundred times
#: make valgrind   the unit tests under valgrind
#: make fuzz-NAME  fuzz one target for FUZZ_SECONDS (clang; see tests/fuzz)
#: make conformance    what holds of the specifications of Mustache and Markdown
#: make golden     rewrite the expected letters of tests/golden

FUZZ    := $(patsubst tests/fuzz/%_fuzz.c,%,$(wildcard tests/fuzz/*_fuzz.c))
REPLAYS := $(FUZZ:%=$(O)/fuzz/%_replay)
FUZZ_SECONDS ?= 60

check:
	@src/tools/deps.sh test
	@$(MAKE) --no-print-directory -s BUILD=$(CHECK_BUILD) run-check
CHECK_BUILD ?= debug

run-check: all $(TESTS) $(REPLAYS) check-layers check-sql check-docs check-words lint
	@src/tools/check.sh $(O) $(TESTS) $(REPLAYS)

asan:
	@$(MAKE) --no-print-directory check CHECK_BUILD=asan

soak: $(O)/tidings
	@src/tools/deps.sh test
	TIDINGS=$(O)/tidings TIDINGS_KILLS=100 TIDINGS_KILL_PEOPLE=20000 \
	    TIDINGS_PATIENCE=600 $(PYTEST) -q -s -p no:cacheprovider tests/e2e/test_kill.py
PYTEST = $(shell command -v pytest-3 || command -v pytest)

valgrind:
	@src/tools/deps.sh valgrind
	@$(MAKE) --no-print-directory -s BUILD=debug run-valgrind
run-valgrind: all $(TESTS)
	@src/tools/valgrind.sh $(O) $(TESTS)

conformance: $(O)/tidings
	@rc=0; for part in conformance mustache_oracle conformance_markdown; do \
	    python3 src/tools/$$part.py $< || rc=$$?; done; exit $$rc

golden: $(O)/tests/render_golden_test
	GOLDEN_UPDATE=1 $<

$(O)/fuzz/%_replay: tests/fuzz/%_fuzz.c tests/fuzz/replay.c $(ARCHIVES)
	@mkdir -p $(@D)
	$(call say,FUZZ,$<)
	$(Q)$(CC) $(OUR_CFLAGS) $(CFLAGS) -Isrc -DCORPUS='"tests/fuzz/corpus/$*"' -o $@ \
	    tests/fuzz/$*_fuzz.c tests/fuzz/replay.c \
	    -Wl,--start-group $(ARCHIVES) -Wl,--end-group $(OUR_LDLIBS)

fuzz-%:
	@$(MAKE) --no-print-directory CC=clang O=build/fuzz BUILD=fuzz build/fuzz/fuzz/$*_fuzz
	mkdir -p build/fuzz/found/$*
	build/fuzz/fuzz/$*_fuzz -max_total_time=$(FUZZ_SECONDS) -timeout=5 \
	    -artifact_prefix=build/fuzz/found/$*- build/fuzz/found/$* tests/fuzz/corpus/$*

$(O)/fuzz/%_fuzz: tests/fuzz/%_fuzz.c $(ARCHIVES)
	@mkdir -p $(@D)
	$(CC) $(OUR_CFLAGS) $(CFLAGS) -fsanitize=fuzzer -Isrc -o $@ $< \
	    -Wl,--start-group $(ARCHIVES) -Wl,--end-group $(OUR_LDLIBS)

# --- how letters look --------------------------------------------------------
#: make marks      marks for the sample letters, out of 100: source, look, text
#: make marks-anchors    the same for letters made by other tools (npm)
#: make pictures   the pictures of docs/, taken with a headless browser

# The tests' Python, which knows how to drive a browser.
PYTHON = $(shell for p in /usr/bin/python3 python3; do \
    $$p -c 'import selenium' 2>/dev/null && echo $$p && break; done)
MARKS_LEAST ?= 95,93,95

marks: $(O)/tidings
	@src/tools/deps.sh test
	@$(PYTHON) -B tests/marks/samples.py $(O)/tidings $(O)/marks --least $(MARKS_LEAST)

marks-anchors:
	@src/tools/deps.sh test
	@$(PYTHON) -B tests/marks/anchors.py build/anchors

pictures: $(O)/tidings
	@src/tools/deps.sh test
	@$(PYTHON) -B src/tools/pictures.py $(O)/tidings $(O)/pictures docs
	@src/tools/blocks_page.sh >docs/blocks.md

# --- checks ------------------------------------------------------------------
#: make lint       banned functions, long functions and files, prints below cli
#: make check-layers, check-sql, check-docs, check-words    the rest of the house rules
#: make words      bring new words of letters into the catalogues of templates/words

lint:
	@sh src/tools/lint.sh

check-layers:
	@awk -f src/tools/layers.awk src/layers.txt $$(find src include -name '*.[ch]' ! -path 'src/tools/*')

check-sql: $(O)/tools/check_sql
	@$< $(sort $(wildcard subscribers/schema/*.sql)) $(SQL)

$(O)/tools/check_sql: src/tools/check_sql.c
	@mkdir -p $(@D)
	$(call say,TOOL,$<)
	$(Q)$(CC) $(OUR_CFLAGS) $(CFLAGS) -o $@ $< $(shell pkg-config --libs sqlite3)

check-docs: $(O)/tidings
	@src/tools/check-docs.sh $(O)/tidings

check-words:
	@sh src/tools/words.sh check

words:
	@sh src/tools/words.sh update

# --- what is installed beside the program ------------------------------------
#: make man        the manual pages, from the table of commands and docs/
#: make install    PREFIX and DESTDIR are heeded
#: make clean      remove build/

MAN      := $(O)/man
COMPLETION := $(O)/completion

man: $(O)/tidings
	@mkdir -p $(MAN)
	@set -e; for page in $$($(O)/tidings help --index); do \
	    $(O)/tidings help --mdoc $$page --docs docs/commands \
	        >$(MAN)/tidings-$$page.1; done
	@$(O)/tidings help --mdoc tidings --docs docs/commands >$(MAN)/tidings.1
	@$(O)/tidings help --mdoc tidings.yaml >$(MAN)/tidings.yaml.5

completion: $(O)/tidings
	@mkdir -p $(COMPLETION)
	@set -e; for shell in bash zsh fish; do \
	    $(O)/tidings help --completion $$shell >$(COMPLETION)/tidings.$$shell; done

to = $(DESTDIR)$(PREFIX)/$1

install: all man completion
	install -d $(call to,bin) $(call to,share/man/man1) \
	    $(call to,share/man/man5) $(call to,share/doc/tidings/docs/commands) \
	    $(call to,share/doc/tidings/docs/blocks) \
	    $(call to,share/bash-completion/completions) \
	    $(call to,share/zsh/site-functions) \
	    $(call to,share/fish/vendor_completions.d)
	install -m 755 $(O)/tidings $(call to,bin)/
	install -m 644 $(MAN)/*.1 $(call to,share/man/man1)/
	install -m 644 $(MAN)/*.5 $(call to,share/man/man5)/
	install -m 644 README.md LICENSE $(call to,share/doc/tidings)/
	install -m 644 docs/*.md docs/*.png $(call to,share/doc/tidings/docs)/
	install -m 644 docs/commands/*.md $(call to,share/doc/tidings/docs/commands)/
	install -m 644 docs/blocks/* $(call to,share/doc/tidings/docs/blocks)/
	install -m 644 $(COMPLETION)/tidings.bash \
	    $(call to,share/bash-completion/completions)/tidings
	install -m 644 $(COMPLETION)/tidings.zsh \
	    $(call to,share/zsh/site-functions)/_tidings
	install -m 644 $(COMPLETION)/tidings.fish \
	    $(call to,share/fish/vendor_completions.d)/tidings.fish

clean:
	rm -rf build

.PHONY: all help demo check run-check asan soak valgrind run-valgrind conformance golden lint \
        check-layers check-sql check-docs check-words words man completion install clean \
        marks marks-anchors pictures
.DELETE_ON_ERROR:
.SECONDARY:
-include $(ALLOBJ:.o=.d) $(TESTS:=.d)
