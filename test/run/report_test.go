// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestReport(t *testing.T) {
	tests := []struct {
		name   string
		events []string
		want   string
		ok     bool
	}{{
		name: "counts, hides what passed and lists what was skipped",
		events: []string{
			`{"Action":"output","Package":"p","Test":"A","Output":"noise\n"}`,
			`{"Action":"pass","Package":"p","Test":"A"}`,
			`{"Action":"skip","Package":"p","Test":"B"}`,
			`{"Action":"pass","Package":"p","Elapsed":0.5}`,
		},
		want: "ok    p 0.5s\nskip  p B\n1 passed, 0 failed\n",
		ok:   true,
	}, {
		name: "prints what failed",
		events: []string{
			`{"Action":"pass","Package":"p","Test":"A"}`,
			`{"Action":"output","Package":"p","Test":"B","Output":"want 1, got 2\n"}`,
			`{"Action":"fail","Package":"p","Test":"B"}`,
			`{"Action":"fail","Package":"p","Elapsed":1}`,
		},
		want: "want 1, got 2\nFAIL  p 1.0s\n1 passed, 1 failed\n",
	}, {
		name: "a package that does not build is a failure",
		events: []string{
			`{"Action":"build-output","ImportPath":"p","Output":"p.go:1: syntax error\n"}`,
			`{"Action":"build-fail","ImportPath":"p"}`,
			`{"Action":"output","Package":"p","Output":"FAIL p [build failed]\n"}`,
			`{"Action":"fail","Package":"p"}`,
		},
		want: "p.go:1: syntax error\nFAIL p [build failed]\nFAIL  p 0.0s\n0 passed, 1 failed\n",
	}, {
		name: "nothing having run is a failure",
		want: "0 passed, 0 failed\n",
	}}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var out strings.Builder
			r := newReport(&out)
			for _, e := range tt.events {
				r.take([]byte(e + "\n"))
			}
			assert.Equal(t, tt.ok, r.finish())
			assert.Equal(t, tt.want, out.String())
		})
	}
}

func TestReportCountsAnAbortedRun(t *testing.T) {
	var out strings.Builder
	r := newReport(&out)
	r.take([]byte(`{"Action":"pass","Package":"p","Test":"A"}`))
	r.abort(errors.New("go: cannot find module"))
	assert.False(t, r.finish())
	assert.True(t, strings.HasSuffix(out.String(), "\n1 passed, 1 failed\n"), out.String())
}
