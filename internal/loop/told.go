// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package loop

// An earlier llmcol, such as a sidecar, tells what it has found on the records that it judged. It has seen all records of the same trace
// and session: what it has told needs no telling again, in whatever order its records come and though some of them carry no verdict.

// noteTold remembers that the trace and the session of a record have been judged before.
func (e *Engine) noteTold(o *Observation) {
	if o.Trace != (TraceID{}) {
		e.nodes.put(toldKey(traceKey(o.Trace)), linkRoot)
	}
	if session := sessionKey(o.Service, o.Session); session != 0 {
		e.nodes.put(toldKey(session), linkRoot)
	}
}

// wasTold reports whether a record of the same trace or session has been judged before.
func (e *Engine) wasTold(o *Observation) bool {
	if _, told := e.nodes.get(toldKey(traceKey(o.Trace))); told && o.Trace != (TraceID{}) {
		return true
	}
	session := sessionKey(o.Service, o.Session)
	_, told := e.nodes.get(toldKey(session))
	return told && session != 0
}

func toldKey(k nodeKey) nodeKey { return nodeKey(mix(uint64(k)^seed4, seed2)) &^ flagBits }
