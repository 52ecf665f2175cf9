# One image for the app and for workers: `flowloom open --team` or `flowloom worker`.
FROM python:3.12-slim

RUN useradd --create-home --uid 1000 flowloom && install -d -o flowloom /data
WORKDIR /opt/flowloom
COPY requirements-workers.lock ./
RUN pip install --no-cache-dir --require-hashes -r requirements-workers.lock
COPY . ./
RUN pip install --no-cache-dir --no-deps .

USER flowloom
ENV FLOWLOOM_HOME=/data FLOWLOOM_LOGS=json
VOLUME /data
CMD ["flowloom", "open", "--port", "8501", "--team"]
