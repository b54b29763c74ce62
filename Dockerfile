# The program alone, linked statically: docker build --build-context bin=DIR_WITH_THE_BINARY -t mlspec-lint .
FROM scratch
COPY --from=bin mlspec-lint /mlspec-lint
COPY LICENSE /LICENSE
USER 65532:65532
WORKDIR /work
ENTRYPOINT ["/mlspec-lint"]
CMD ["check"]
