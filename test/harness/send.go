// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package harness

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

// Transport is how a request travels.
type Transport string

// The transports of OTLP, and Captured: HTTP in the encoding that the client itself had used.
const (
	GRPC         Transport = "grpc"
	HTTPProtobuf Transport = "http/protobuf"
	HTTPJSON     Transport = "http/json"
	Captured     Transport = "captured"
)

const (
	typeProtobuf = "application/x-protobuf"
	typeJSON     = "application/json"
)

var httpClient = &http.Client{Timeout: Patience}

// Send sends the requests one after the other and stops at the first that is refused.
func (c *Collector) Send(transport Transport, requests ...Request) error {
	for i, r := range requests {
		if err := c.send(transport, r); err != nil {
			return fmt.Errorf("request %d of %d (%s): %w", i+1, len(requests), r.Signal, err)
		}
	}
	return nil
}

func (c *Collector) send(transport Transport, r Request) error {
	switch {
	case transport == GRPC:
		return c.sendGRPC(r)
	case transport == Captured && r.capturedJSON != nil:
		return c.postOK(r.Signal, typeJSON, r.capturedJSON)
	case transport == HTTPJSON:
		body, err := r.json()
		if err != nil {
			return err
		}
		return c.postOK(r.Signal, typeJSON, body)
	default:
		body, err := r.protobuf()
		if err != nil {
			return err
		}
		return c.postOK(r.Signal, typeProtobuf, body)
	}
}

func (c *Collector) sendGRPC(r Request) error {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	var err error
	switch r.Signal {
	case Traces:
		_, err = ptraceotlp.NewGRPCClient(c.conn).Export(ctx, ptraceotlp.NewExportRequestFromTraces(r.Traces))
	case Logs:
		_, err = plogotlp.NewGRPCClient(c.conn).Export(ctx, plogotlp.NewExportRequestFromLogs(r.Logs))
	case Metrics:
		_, err = pmetricotlp.NewGRPCClient(c.conn).Export(ctx, pmetricotlp.NewExportRequestFromMetrics(r.Metrics))
	}
	return err
}

// Post sends any bytes to /v1/<signal> and returns the answer's status and body.
func (c *Collector) Post(signal Signal, contentType string, body []byte) (status int, answer string, err error) {
	response, err := httpClient.Post("http://"+c.HTTP+"/v1/"+string(signal), contentType, bytes.NewReader(body))
	if err != nil {
		return 0, "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return response.StatusCode, string(text), err
}

func (c *Collector) postOK(signal Signal, contentType string, body []byte) error {
	status, answer, err := c.Post(signal, contentType, body)
	if err != nil {
		return err
	}
	if status != http.StatusOK {
		return fmt.Errorf("HTTP %d: %s", status, answer)
	}
	return nil
}

func (r Request) protobuf() ([]byte, error) {
	switch r.Signal {
	case Traces:
		return ptraceotlp.NewExportRequestFromTraces(r.Traces).MarshalProto()
	case Logs:
		return plogotlp.NewExportRequestFromLogs(r.Logs).MarshalProto()
	default:
		return pmetricotlp.NewExportRequestFromMetrics(r.Metrics).MarshalProto()
	}
}

func (r Request) json() ([]byte, error) {
	switch r.Signal {
	case Traces:
		return ptraceotlp.NewExportRequestFromTraces(r.Traces).MarshalJSON()
	case Logs:
		return plogotlp.NewExportRequestFromLogs(r.Logs).MarshalJSON()
	default:
		return pmetricotlp.NewExportRequestFromMetrics(r.Metrics).MarshalJSON()
	}
}

// get fetches a page of the collector itself.
func get(url string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, http.NoBody)
	if err != nil {
		return "", err
	}
	response, err := httpClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: HTTP %d", url, response.StatusCode)
	}
	return string(text), err
}
