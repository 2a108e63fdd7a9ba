// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

import "strings"

// volatility is why a member may change from call to call although nothing has changed.
type volatility uint8

const (
	stays volatility = iota
	changes
	subject        // changes, unless it is all that is said
	retryCount     // changes from try to try
	callID         // changes where it is one word with a digit in it
	envelope       // changes where it is an object
	resultID       // changes in results where it looks like an id
	resultTime     // changes in results where it looks like a time
	resultDuration // changes in results
)

// volatileNames are members that may be volatile, in lower case. Those of arguments are left out only where the value looks volatile, too.
var volatileNames = map[string]volatility{
	"request_id": changes, "requestid": changes, "nonce": changes, "idempotency_key": changes, "idempotencykey": changes,
	"trace_id": subject, "traceid": subject, "span_id": subject, "spanid": subject, "timestamp": subject, "ts": subject, "uuid": subject,
	"call_id": callID, "callid": callID, "tool_call_id": callID, "toolcallid": callID, "tool_use_id": callID, "tooluseid": callID,
	"_meta": envelope,
	"id":    resultID, "created": resultTime, "created_at": resultTime, "updated_at": resultTime, "time": resultTime, "date": resultTime,
	"duration": resultDuration, "duration_ms": resultDuration, "durationms": resultDuration, "elapsed": resultDuration,
	"elapsed_ms": resultDuration, "latency_ms": resultDuration, "took": resultDuration, "took_ms": resultDuration, "wall_time": resultDuration,
	"wall_time_seconds": resultDuration,
	"attempt":           retryCount, "attempts": retryCount, "attempt_number": retryCount, "retry": retryCount, "retry_attempt": retryCount, "retry_count": retryCount,
	"retrycount": retryCount,
}

var volatileSieve = sieveOf(volatileNames)

func volatilityOf(name string) volatility {
	v, _ := findIn(volatileNames, &volatileSieve, name)
	return v
}

// isVolatile tells members that do not belong to what a call says.
func isVolatile(name, value string, result bool) bool {
	switch volatilityOf(name) {
	case changes, subject:
		return looksVolatile(value)
	case retryCount:
		return isRetryCount(value) || result && value[0] == '"'
	case callID:
		return value[0] == '"' && hasDigit(value) && !strings.ContainsAny(value, " \\")
	case envelope:
		return value[0] == '{'
	case resultID:
		return result && value[0] == '"' && looksVolatile(value)
	case resultTime:
		return result && looksVolatile(value)
	case resultDuration:
		return result && (value[0] >= '0' && value[0] <= '9' || value[0] == '"')
	default:
		return false
	}
}

// isSubject tells volatile members that are what a call or result is about where it says nothing else: get_trace(trace_id).
func isSubject(name string) bool {
	switch volatilityOf(name) {
	case subject, retryCount, resultID, resultTime, resultDuration:
		return true
	default:
		return false
	}
}

// isRetryCount tells numbers of up to three digits: who counts higher does not count tries.
func isRetryCount(value string) bool {
	const digits = 3
	return len(value) <= digits && allDigits(value)
}

// looksVolatile tells values made anew for each call: UUIDs, long hex, ISO times, times since 1970, call ids.
func looksVolatile(value string) bool {
	if value[0] != '"' {
		return isEpoch(value)
	}
	text := value[1 : len(value)-1]
	return text != "" && (isEpoch(text) || !saysStable(text))
}

// isEpoch tells seconds, milliseconds, microseconds or nanoseconds since 1970, between 2001 and 2286.
func isEpoch(text string) bool {
	whole, fraction, _ := strings.Cut(text, ".")
	if !allDigits(whole) || !allDigits(fraction) {
		return false
	}
	switch len(whole) {
	case 10, 13, 16, 19:
		return true
	default:
		return false
	}
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
