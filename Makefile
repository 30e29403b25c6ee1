# Orderway 订单通.  make run: start it here.  make test: every check and test.  make check: checks only.

PORT ?= 8000
VENV := .venv
PY := $(VENV)/bin/python
PIP := $(PY) -m pip --disable-pip-version-check -q
PYTHON := $(firstword $(foreach name,python3.13 python3.12 python3.11 python3 python,$(shell \
	command -v $(name) >/dev/null 2>&1 && $(name) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' \
	2>/dev/null && command -v $(name))))
DOMAIN := core accounts approvals inventory customers orders logistics invoicing reports
MIGRATIONS := $(wildcard */migrations/*.py)
PARALLEL ?= 2
PYTEST := $(VENV)/bin/pytest -q -n $(PARALLEL)

.PHONY: run install test check test-sqlite test-postgresql test-browser requirements messages clean always

run: $(VENV)/ready var/database.ready
	@echo
	@cat var/demo-accounts.txt
	@echo "Orderway is at http://127.0.0.1:$(PORT)/ (Ctrl-C stops it)"
	@DJANGO_SETTINGS_MODULE=config.settings.dev PORT=$(PORT) $(VENV)/bin/honcho start --no-colour -f config/Procfile

install: $(VENV)/ready-for-work

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Orderway needs Python 3.11, 3.12 or 3.13 on the PATH."; exit 1; }
	$(PYTHON) -m venv $(VENV)

# A machine that is ready for work is ready to run: the second list holds the first.
$(VENV)/ready: requirements.txt | $(VENV)/bin/python
	@test $(VENV)/ready-for-work -nt requirements-dev.txt || $(PIP) install --require-hashes -r requirements.txt
	@touch $@

$(VENV)/ready-for-work: requirements-dev.txt | $(VENV)/bin/python
	$(PIP) install --require-hashes -r requirements-dev.txt
	@touch $@

# The database is prepared anew when it is missing, when it is somebody else's, or when its shape changed.
ifneq ($(DATABASE_URL)$(VAR_DIR),)
var/database.ready: always
else ifeq ($(wildcard var/orderway.sqlite3),)
var/database.ready: always
endif
var/database.ready: $(MIGRATIONS) requirements.txt $(wildcard .env) | $(VENV)/ready
	@mkdir -p var
	$(PY) manage.py migrate -v 0
	$(PY) manage.py createcachetable
	$(PY) manage.py sync_roles
	$(PY) manage.py seed_calendar > /dev/null
	$(PY) manage.py demo > var/demo-accounts.txt
	@touch $@

check: $(VENV)/ready-for-work
	$(VENV)/bin/ruff format --check -q .
	$(VENV)/bin/ruff check -q .
	$(VENV)/bin/djlint templates --lint --quiet
	$(VENV)/bin/lint-imports --no-cache > /dev/null || $(VENV)/bin/lint-imports --no-cache
	DJANGO_SETTINGS_MODULE=config.settings.test $(PY) manage.py makemigrations --check --dry-run -v 0
	DJANGO_SETTINGS_MODULE=config.settings.test $(PY) manage.py check --fail-level WARNING
	DJANGO_SETTINGS_MODULE=config.settings.test $(PY) manage.py lifecycles --check
	$(VENV)/bin/mypy $(DOMAIN)
	$(PYTEST) -m house

test: check test-sqlite test-postgresql test-browser

test-sqlite: $(VENV)/ready-for-work
	env -u TEST_DATABASE_URL -u TEST_REDIS_URL $(PYTEST) -m "not browser and not house"

test-postgresql: $(VENV)/ready-for-work
ifeq ($(TEST_DATABASE_URL),)
	@echo "PostgreSQL: not tested, TEST_DATABASE_URL is not set."
else
	$(PYTEST) -m "not browser and not house and not once"
endif

test-browser: $(VENV)/ready-for-work
	env -u TEST_DATABASE_URL -u TEST_REDIS_URL $(PYTEST) -m browser tests/browser

# Pins anew what pyproject.toml asks for; needs uv.
requirements:
	uv pip compile pyproject.toml -q --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-header --no-emit-find-links -o requirements.txt
	uv pip compile pyproject.toml -q --extra dev --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-header --no-emit-find-links -c requirements.txt -o requirements-dev.txt

messages: $(VENV)/ready
	$(PY) manage.py makemessages -l zh_Hans --no-obsolete --no-wrap --add-location file -i "var/*" -i "tests/*" -i ".venv/*"
	$(PY) manage.py compilemessages -l zh_Hans -v 0

clean:
	rm -rf $(VENV) var
