# One image for every service; docker-compose.yml gives each its command.
FROM python:3.11-slim AS build
COPY requirements/run.txt /tmp/run.txt
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --no-compile --require-hashes -r /tmp/run.txt

FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin helpnest
COPY --from=build /opt/venv /opt/venv
WORKDIR /app
COPY jit jit
COPY kit kit
COPY router router
COPY subgraphs subgraphs
COPY helpnest helpnest
COPY migrations migrations
COPY schema schema
COPY supergraph.yaml supergraph.yaml
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOST=0.0.0.0 \
    PORT=4000
USER helpnest
EXPOSE 4000
# Whichever part runs here answers /health on its port.
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=5 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen('http://127.0.0.1:' + os.environ['PORT'] + '/health', timeout=2)"]
ENTRYPOINT ["python", "-m", "helpnest"]
CMD ["serve", "router"]
