FROM python:3.12-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /app/.venv
COPY requirements.txt /app/
RUN /app/.venv/bin/pip install --require-hashes -r /app/requirements.txt

FROM python:3.12-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --create-home --uid 10001 orderway \
    && install -d -o orderway -g orderway /var/lib/orderway
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    DJANGO_SETTINGS_MODULE=config.settings.prod VAR_DIR=/var/lib/orderway
WORKDIR /app
COPY --from=build /app/.venv /app/.venv
COPY . /app
# The key only lets the settings load here; it signs nothing and stays in no layer's environment.
RUN SECRET_KEY=only-while-the-static-files-are-collected ALLOWED_HOSTS=localhost \
    DATABASE_URL=sqlite:////tmp/none STATIC_DIR=/app/static-collected python manage.py collectstatic --no-input -v 0
ENV STATIC_DIR=/app/static-collected
USER orderway
VOLUME /var/lib/orderway
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--bind", "0.0.0.0:8000", "--workers", "2", "--timeout", "60", "--no-control-socket"]
