// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRules(t *testing.T) {
	tests := []struct {
		name  string
		steps []string
		story string
		rule  Rule
		last  Verdict // rule, period, count and tools of the last record
	}{
		{"repeat", times(11, `get({"id":1})=shipped`), "--SDdddddCc", Repeat, Verdict{Period: 1, Count: 11, Tools: []string{"get"}}},
		{"repeat error", times(9, `get({"id":1})=!refused`), "--SDdddCc", RepeatError, Verdict{Period: 1, Count: 9, Tools: []string{"get"}}},
		{"errors of which nothing is known", times(4, `get({"id":1})=!`), "--SD", RepeatError, Verdict{Period: 1, Count: 4, Tools: []string{"get"}}},
		{"another error is progress", append(times(3, "get(1)=!refused"), "get(1)=!not found"), "--S-", 0, Verdict{}},
		{"a retry that succeeds", []string{"get(1)=!refused", "get(1)=!refused", "get(1)=ok"}, "---", 0, Verdict{}},
		{"polling with progress", []string{"get(1)=20 %", "get(1)=40 %", "get(1)=60 %", "get(1)=80 %"}, "----", 0, Verdict{}},
		{"pagination", numbered(8, "page(%d)=rows of %[1]d"), "--------", 0, Verdict{}},
		{"no result known", times(10, "get(1)=?"), "---SDddddC", NoResult, Verdict{Period: 1, Count: 10, Tools: []string{"get"}}},
		{"empty arguments are an identity", times(4, "get({})=x"), "--SD", Repeat, Verdict{Period: 1, Count: 4, Tools: []string{"get"}}},
		{"unknown arguments, same error", times(7, "get(?)=!refused"), "-----Ss", UnknownArgs, Verdict{Period: 1, Count: 7, Tools: []string{"get"}}},
		{"unknown arguments and results", times(12, "get(?)=?"), "------------", 0, Verdict{}},
		{"ping-pong", times(6, "a(1)=x", "b(1)=y"), "-----DdddddC", Cycle, Verdict{Period: 2, Count: 6, Tools: []string{"a", "b"}}},
		{"ping-pong with progress", []string{"a(1)=x", "b(1)=1", "a(1)=x", "b(1)=2", "a(1)=x", "b(1)=3"}, "------", 0, Verdict{}},
		{"period 5", times(3, "a(1)=1", "b(1)=2", "c(1)=3", "d(1)=4", "e(1)=5"), "--------------D", Cycle, Verdict{Period: 5, Count: 3, Tools: []string{"a", "b", "c", "d", "e"}}},
		{"cycle without results", times(5, "a(1)=?", "b(1)=?"), "---------D", Cycle, Verdict{Period: 2, Count: 5, Tools: []string{"a", "b"}}},
		{"scattered", []string{"a(1)=x", "b(1)=1", "a(1)=x", "b(2)=2", "a(1)=x", "b(3)=3", "b(4)=4", "a(1)=x"}, "-------S", Scattered, Verdict{Period: 1, Count: 4, Tools: []string{"a"}}},
		{"same result", numbered(10, "find(%d)=nothing found"), "----SssssD", SameResult, Verdict{Period: 1, Count: 10, Tools: []string{"find"}}},
		{"empty results say nothing", numbered(10, "find(%d)=[]"), "----------", 0, Verdict{}},
		{"waiting", times(21, "wait(1)=still running"), "---------SsssssssssDd", Poll, Verdict{Period: 1, Count: 21, Tools: []string{"wait"}}},
		{"case of the tool", []string{"Get(1)=x", "get(1)=x", "GET(1)=x"}, "--S", Repeat, Verdict{Period: 1, Count: 3, Tools: []string{"GET"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			verdicts := observeAll(newEngine(t, nil), newScript(1).calls(tt.steps...).spans)
			require.Equal(t, tt.story, story(verdicts))
			last := verdicts[len(verdicts)-1]
			assert.Equal(t, tt.rule, last.Rule)
			assert.Equal(t, tt.last, Verdict{Period: last.Period, Count: last.Count, Tools: last.Tools})
		})
	}
}
