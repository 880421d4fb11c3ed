# The web application, which needs a running processing service:
#
#   docker build -f deploy/web.Dockerfile -t mimika-web .
#   docker compose -f deploy/compose.yaml up
#
# Listens on 8000; accounts, pictures and log lie in the volume. Settings: docs/web.md.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS build
RUN python3 -m venv /opt/mimika
ENV PATH=/opt/mimika/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /source
COPY requirements.txt ./
RUN pip install --constraint requirements.txt hatchling opencv-python-headless Django
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN pip install --constraint requirements.txt --no-build-isolation ".[web]"
COPY deploy/rootfs.sh deploy/rootfs.sh
# pictures are analysed by the service, so no ONNX Runtime here
RUN sh deploy/rootfs.sh /opt/mimika /rootfs hatchling onnxruntime

FROM scratch
LABEL org.opencontainers.image.title="mimika web application" \
      org.opencontainers.image.description="Accounts, upload, results and history" \
      org.opencontainers.image.licenses="MIT AND BSD-3-Clause"
COPY --from=build /rootfs /
ENV PATH=/opt/mimika/bin \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MIMIKA_HOME=/var/lib/mimika
USER 10001:10001
VOLUME /var/lib/mimika
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=4s --start-period=30s --retries=3 \
    CMD ["python3", "-m", "mimika.core.health", "http://127.0.0.1:8000/healthz/"]
CMD ["mimika", "web", "--host", "0.0.0.0"]
