# The processing service:
#
#   docker build -f deploy/service.Dockerfile -t mimika-service .
#   docker run --read-only --cap-drop ALL -p 127.0.0.1:8100:8100 mimika-service
#
# Listens on 8100; its log lies in the volume. Settings: docs/service.md.
ARG BASE_IMAGE=python:3.11-slim-bookworm

FROM ${BASE_IMAGE} AS build
RUN python3 -m venv /opt/mimika
ENV PATH=/opt/mimika/bin:$PATH PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /source
COPY requirements.txt ./
# what does not change from commit to commit comes first and is kept by the cache
RUN pip install --constraint requirements.txt hatchling onnxruntime opencv-python-headless
COPY pyproject.toml README.md LICENSE ./
COPY src src
RUN pip install --constraint requirements.txt --no-build-isolation ".[serve]"
COPY deploy/rootfs.sh deploy/rootfs.sh
RUN sh deploy/rootfs.sh /opt/mimika /rootfs hatchling

FROM scratch
LABEL org.opencontainers.image.title="mimika processing service" \
      org.opencontainers.image.description="Finds faces in pictures and names their expressions" \
      org.opencontainers.image.licenses="MIT AND BSD-3-Clause"
COPY --from=build /rootfs /
ENV PATH=/opt/mimika/bin \
    PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    MIMIKA_HOME=/var/lib/mimika \
    MIMIKA_SERVICE_HOST=0.0.0.0
USER 10001:10001
VOLUME /var/lib/mimika
EXPOSE 8100
HEALTHCHECK --interval=10s --timeout=4s --start-period=20s --retries=3 \
    CMD ["python3", "-m", "mimika.core.health", "http://127.0.0.1:8100/readyz"]
CMD ["mimika", "serve"]
