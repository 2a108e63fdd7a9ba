// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// canonicalText is what is hashed of a JSON text.
func canonicalText(t *testing.T, text string, result bool) string {
	t.Helper()
	f := NewFingerprinter(testKey)
	f.begin()
	c := canonical{f: f, text: text, result: result}
	require.True(t, c.document(), text)
	return string(f.buffer[:f.filled])
}

func TestCanonicalJSON(t *testing.T) {
	tests := []struct{ name, in, want string }{
		// RFC 8785, 3.2.2 and its appendix B
		{"the RFC's example", `{"numbers":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001],"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}`,
			`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`},
		{"order by UTF-16", `{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`,
			"{\"\\r\":2,\"1\":4,\"\u0080\":6,\"ö\":7,\"€\":1,\"😀\":5,\"\u05d3\u05bc\":3}"},
		{"minus zero", `[-0,-0.0,0e5]`, `[0,0,0]`},
		{"small and large", `[1e21,1e20,1e-6,1e-7]`, `[1e+21,100000000000000000000,0.000001,1e-7]`},
		{"white space", " { \"b\" : [ 1 , 2 ] ,\n\"a\" : { } } ", `{"a":{},"b":[1,2]}`},
		// what departs from it
		{"null members", `{"a":null,"b":1}`, `{"b":1}`},
		{"long integers keep their digits", `[12345678901234567890]`, `[12345678901234567890]`},
		{"Unicode is composed", "[\"e\u0301\"]", `["é"]`},
		{"JSON in a string", `{"args":["{\"b\":1,\"a\":2}"]}`, `{"args":[{"a":2,"b":1}]}`},
		{"only one level", `["[\"{\\\"b\\\":1}\"]"]`, `[["{\"b\":1}"]]`},
		{"volatile members", `{"order":"A-1","request_id":"550e8400-e29b-41d4-a716-446655440000","timestamp":"2026-11-25T10:00:00Z","ts":1795000000,"nonce":"9f86d081884c7d65"}`, `{"order":"A-1"}`},
		{"listed names with values that stay", `{"request_id":"refund","timestamp":"tomorrow","nonce":7}`, `{"nonce":7,"request_id":"refund","timestamp":"tomorrow"}`},
		{"a volatile member that is all there is", `{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}`, `{"trace_id":"4bf92f3577b34da6a3ce929d0e0e4736"}`},
		{"what is never a subject", `{"nonce":"9f86d081884c7d65"}`, `{}`},
		{"tries", `{"q":"x","attempt":3}`, `{"q":"x"}`},
		{"tries that are all there is", `{"attempt":3}`, `{"attempt":3}`},
		{"memory addresses", `{"args":["<app.Ctx object at 0x7f12aa34>"]}`, `{"args":["<app.Ctx object at ~>"]}`},
		{"addresses of other things", `{"wallet":"0x7f12aa34","path":"C:\\0x12345678"}`, `{"path":"C:\\0x12345678","wallet":"0x7f12aa34"}`},
		{"volatile values under other names", `{"order_id":"550e8400-e29b-41d4-a716-446655440000"}`, `{"order_id":"550e8400-e29b-41d4-a716-446655440000"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) { assert.Equal(t, tt.want, canonicalText(t, tt.in, false)) })
	}
}

func TestWhatIsNoJSON(t *testing.T) {
	for _, text := range []string{"", "{", `{"a":}`, `{"a":1,}`, `[1 2]`, `"a`, `tru`, `1.2.3`, `{"a":1} x`, `{'a':1}`, strings.Repeat("[", 100) + strings.Repeat("]", 100)} {
		c := canonical{f: NewFingerprinter(testKey), text: text}
		assert.False(t, c.document(), text)
	}
}

func TestCallsThatAreTheSame(t *testing.T) {
	f := NewFingerprinter(testKey)
	assert.Equal(t, f.Call("Get", `{"a":1,"b":[2.0]}`), f.Call("get", ` {"b":[2],"a":1e0} `))
	assert.Equal(t, f.Call("get", "plain"), f.Call("get", "plain"))
	assert.Equal(t, f.Call("get", `{"a":1,"tool_call_id":"D681PevKs"}`), f.Call("get", `{"a":1,"tool_call_id":"aB3dE5fG7"}`))
	assert.Equal(t, f.Call("get", "tool_id='call_Ab12' at 0x7f3a2b1c4d"), f.Call("get", "tool_id='call_Xy98' at 0x7f3a2b1fff"))
	assert.NotEqual(t, f.Call("get", "550e8400-e29b-41d4-a716-446655440000"), f.Call("get", "660e8400-e29b-41d4-a716-446655440000"), "ids may be what is asked for")
	assert.NotEqual(t, f.Call("balance", "0x52908400098527886E0F7030069857D2E4169EE7"), f.Call("balance", "0x8617E340B3D01FA5F11F306F4090FD50E238070D"), "wallets, too")
	for _, other := range []Hash{f.Call("get", `{"a":2}`), f.Call("set", `{"a":1}`), f.Call("get", ""), f.CallWithoutArgs("get"), f.Call("ge", `t{"a":1}`)} {
		assert.NotEqual(t, f.Call("get", `{"a":1}`), other)
	}
	assert.NotEqual(t, f.Call("get", "{}"), NewFingerprinter(Key{9}).Call("get", "{}"), "the key counts")
	assert.Len(t, f.Call("get", "{}").String(), 32)
}

func TestContentOfAnySize(t *testing.T) {
	f := NewFingerprinter(testKey)
	big := `{"text":"` + strings.Repeat("x", 10<<20) + `","n":1}`
	same := `{"n":1.0,"text":"` + strings.Repeat("x", 10<<20) + `"}`
	assert.Equal(t, f.Call("write", big), f.Call("write", same))
	assert.NotEqual(t, f.Call("write", big), f.Call("write", strings.Replace(big, "xx", "xy", 1)))
	assert.LessOrEqual(t, cap(f.buffer), 2*flushAt, "content is hashed in pieces")
	assert.Equal(t, f.Call("a", "b"), NewFingerprinter(testKey).Call("a", "b"), "nothing is left over")
}

func TestResults(t *testing.T) {
	f := NewFingerprinter(testKey)
	same := [][2]string{
		{`{"id":"call_000816","content":"x"}`, `{"content":"x","id":"call_000818"}`},
		{"Chunk ID: 1f2e3d\nWall time: 0.0513 seconds\nexit 1", "Chunk ID: 9a8b7c\nWall time: 0.12 seconds\nexit 1"},
		{"at 2026-11-25T10:00:00.123Z failed", "at 2026-11-25 11:22:33,456 failed"},
		{"trace 550e8400-e29b-41d4-a716-446655440000", "trace 660e8400-e29b-41d4-a716-446655440000"},
		{"took 12 ms", "took 345ms"},
		{"<object at 0x7f3a2b1c4d>", "<object at 0x7f3a2b1fff>"},
		{`{"ok":true,"duration_ms":12}`, `{"ok":true,"duration_ms":13}`},
		{"commit a1b2c3d4e5", "commit 0f1e2d3c4b"},
		{"content='no' tool_call_id='D681PevKs'", "content='no' tool_call_id='aB3dE5fG7'"},
		{"attempt 1 failed", "attempt 2 failed"},
		{`{"output":"Exit Code: 1\nProcess Group PGID: 3451"}`, `{"output":"Exit Code: 1\nProcess Group PGID: 3454"}`}, // shells of coding agents
		{`{"error":"refused","attempt":1}`, `{"error":"refused","attempt":2}`},
	}
	for _, s := range same {
		assert.Equal(t, f.Result(s[0]), f.Result(s[1]), s[0])
	}
	different := [][2]string{
		{"20 %", "40 %"}, {`{"progress":20}`, `{"progress":40}`}, {"page 1 of 9", "page 2 of 9"}, {"in 5 minutes", "in 4 minutes"},
		{"due 2026-11-25", "due 2026-11-26"}, {"port 5432", "port 5433"}, {"started, PID: 3451", "started, PID: 3454"}, {"deadbeef", "feedface"},
		// a clock, a generator of ids, a sensor
		{"2026-11-25T10:00:00Z", "2026-11-25T10:01:00Z"}, {`"2026-11-25T10:00:00Z"`, `"2026-11-25T10:01:00Z"`},
		{`{"time":"2026-11-25T10:00:00Z"}`, `{"time":"2026-11-25T10:01:00Z"}`}, {"10 seconds", "20 seconds"}, {`{"elapsed":10}`, `{"elapsed":20}`},
		{"550e8400-e29b-41d4-a716-446655440000", "660e8400-e29b-41d4-a716-446655440000"},
		{`{"id":"550e8400-e29b-41d4-a716-446655440000"}`, `{"id":"660e8400-e29b-41d4-a716-446655440000"}`},
	}
	for _, d := range different {
		assert.NotEqual(t, f.Result(d[0]), f.Result(d[1]), d[0])
	}
	for _, nothing := range []string{"", " ", "null", "{}", "[]", `""`, "OK", `{"status":"success"}`, "File written successfully.", `{"ok":true,"id":"550e8400-e29b-41d4-a716-446655440000"}`} {
		assert.True(t, f.Result(nothing).Empty, nothing)
	}
	for _, something := range []string{"x", "status", "not found", `{"success":false}`, `{"success":true,"results":[]}`, "sent to Anna"} {
		assert.False(t, f.Result(something).Empty, something)
	}
}

func TestObjectsThatAreCutOffAreText(t *testing.T) {
	f := NewFingerprinter(testKey)
	whole := `{"b":{"d":1,"c":[2]},"a":"x\n"}`
	for n := range len(whole) {
		assert.NotEqual(t, f.Call("get", whole), f.Call("get", whole[:n]), whole[:n])
		assert.NotEqual(t, f.Result(whole), f.Result(whole[:n]), whole[:n])
	}
}

func TestFailures(t *testing.T) {
	f := NewFingerprinter(testKey)
	assert.Equal(t, f.Failure("E", "refused\n  at line 1"), f.Failure("E", "refused\n  at line 2"), "the first line counts")
	assert.NotEqual(t, f.Failure("E", "refused"), f.Failure("F", "refused"))
	assert.NotEqual(t, f.Failure("E", "refused"), f.Failure("E", "not found"))
	assert.Equal(t, Outcome{Known: true, Failed: true}, f.Failure("", ""))
}

func FuzzFingerprint(f *testing.F) {
	for _, seed := range []string{"", `{"a":[1,{"b":"\u20ac"}]}`, `{"args":["{\"x\":1}"]}`, "Chunk ID: 1f2e3d 12 ms", `"\ud800"`, "2026-11-25T10:00:00+01:00", `{"_meta":{}}`, `{"id":""}`, `{"b":1,"a"`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fp := NewFingerprinter(testKey)
		assert.Equal(t, fp.Call("t", text), fp.Call("t", text))
		assert.Equal(t, fp.Result(text), fp.Result(text))
		assert.Equal(t, fp.Failure("", text), fp.Failure("", text))
	})
}
