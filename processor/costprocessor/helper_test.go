// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package costprocessor

import (
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/llmcol/llmcol/test/harness"
)

// clone keeps what is sent apart from what came out.
func clone(r harness.Request) harness.Request {
	if r.Signal == harness.Traces {
		td := ptrace.NewTraces()
		r.Traces.CopyTo(td)
		return harness.TracesRequest(td)
	}
	ld := plog.NewLogs()
	r.Logs.CopyTo(ld)
	return harness.LogsRequest(ld)
}
