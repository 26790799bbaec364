# Tidings. One make, one graph: the module.mk files only list sources.
#
#   make            build build/release/tidings
#   make demo       see it work: a publication, 200 readers, real SMTP
#   make check      install what the tests need and run all of them
#   make help       the other words
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
HARDEN := -fstack-protector-strong -fno-common -fPIE
FLAGS_release := -O2 -g -D_FORTIFY_SOURCE=2 $(HARDEN)
FLAGS_debug   := -Og -g -Werror $(HARDEN)
FLAGS_asan    := -O1 -g -Werror -fno-omit-frame-pointer \
                 -fsanitize=address,undefined -fno-sanitize-recover=all
LINK_release  := -pie -Wl,-z,relro,-z,now
LINK_debug    := -pie

PKGS   := $(sort $(foreach m,$(MODULES),$($m_pkgs)))
OUR_CFLAGS := -std=c11 -D_GNU_SOURCE -DTIDINGS_VERSION='"$(VERSION)"' -pthread \
          $(WARN) $(FLAGS_$(BUILD)) -Iinclude -I$(O)/gen \
          $(shell pkg-config --cflags $(PKGS) 2>/dev/null)
OUR_LDLIBS := $(foreach m,$(MODULES),$($m_libs)) \
          $(shell pkg-config --libs $(PKGS) 2>/dev/null)

# --- files -------------------------------------------------------------------

LIB     = $(O)/lib/$1.a
objects = $($1_src:%.c=$(O)/obj/$1/%.o)
ALLOBJ := $(foreach m,$(MODULES),$(call objects,$m))
ARCHIVES := $(foreach m,$(filter-out cli,$(MODULES)),$(call LIB,$m))
SQLH   := $(foreach m,$(MODULES),$(if $($m_sql),$(O)/gen/$m_sql.h))
GEN    := $(SQLH) $(O)/gen/schema.h $(O)/gen/templates.h

TESTS  := $(foreach m,$(MODULES),\
            $(patsubst tests/unit/%.c,$(O)/tests/%,$(wildcard tests/unit/$m_*_test.c)))

all: $(O)/tidings

$(O)/tidings: $(call objects,cli) $(ARCHIVES)
	$(CC) $(OUR_CFLAGS) $(CFLAGS) $(LINK_$(BUILD)) $(LDFLAGS) -o $@ \
	    $(call objects,cli) -Wl,--start-group $(ARCHIVES) -Wl,--end-group $(OUR_LDLIBS)

define module_rules
$(O)/lib/$1.a: $(call objects,$1)
	@mkdir -p $$(@D)
	@rm -f $$@
	$$(AR) rcs $$@ $$^
$(O)/tests/$1_%_test: tests/unit/$1_%_test.c $(foreach m,$(filter $(MODULES),$(call closure,$1)),$(call LIB,$m))
	@mkdir -p $$(@D)
	$$(CC) $$(OUR_CFLAGS) $$(CFLAGS) -MMD -MP -Isrc -o $$@ $$< -Wl,--start-group $$(filter %.a,$$^) -Wl,--end-group $$(OUR_LDLIBS) -lcmocka
test-$1: $$(filter $(O)/tests/$1_%,$$(TESTS))
	@set -e; for t in $$^; do CMOCKA_MESSAGE_OUTPUT=STDOUT $$$$t; done
.PHONY: test-$1
endef
$(foreach m,$(MODULES),$(eval $(call module_rules,$m)))

$(O)/obj/%.o: src/%.c | $(GEN)
	@mkdir -p $(@D)
	$(CC) $(OUR_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# --- generated ---------------------------------------------------------------

$(O)/gen/%_sql.h: src/tools/sql2h.awk
	@mkdir -p $(@D)
	awk -v module=$* -f $< $(filter %.sql,$^) >$@
$(foreach m,$(MODULES),$(if $($m_sql),$(eval \
	$(O)/gen/$m_sql.h: $($m_sql:%=src/$m/%))))

$(O)/gen/schema.h: src/tools/embed.awk $(sort $(wildcard subscribers/schema/*.sql))
	@mkdir -p $(@D)
	awk -v table=schema_files -f $^ >$@

$(O)/gen/templates.h: src/tools/embed.awk $(sort $(wildcard templates/*.html templates/*.txt templates/*.yaml))
	@mkdir -p $(@D)
	awk -v table=template_files -f $^ >$@

# --- checks ------------------------------------------------------------------

check-layers:
	awk -f src/tools/layers.awk src/layers.txt $$(find src include -name '*.[ch]' ! -path 'src/tools/*')

asan:
	$(MAKE) BUILD=asan check

clean:
	rm -rf build

.PHONY: all asan check-layers clean
.DELETE_ON_ERROR:
.SECONDARY:
-include $(ALLOBJ:.o=.d) $(TESTS:=.d)
