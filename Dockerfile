# Copyright The llmcol Authors
# SPDX-License-Identifier: Apache-2.0

# `make docker` builds this from a binary that make has built: no base image is pulled. CA roots are compiled in.
FROM scratch

COPY bin/image/llmcol /llmcol
COPY config/container.yaml /etc/llmcol/config.yaml
COPY --chown=10001:10001 bin/image/state /var/lib/llmcol

USER 10001:10001
WORKDIR /var/lib/llmcol
ENV LLMCOL_LISTEN=0.0.0.0

# 4317 OTLP/gRPC, 4318 OTLP/HTTP, 8888 the collector's own metrics, 8889 metrics passed on, 13133 health (GET /)
EXPOSE 4317 4318 8888 8889 13133

ENTRYPOINT ["/llmcol"]
CMD ["--config", "/etc/llmcol/config.yaml"]
