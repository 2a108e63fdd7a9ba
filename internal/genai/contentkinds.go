// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

import "strings"

// KindSet is a set of content kinds: what a piece of content may be, where nothing tells exactly.
type KindSet uint8

// Set is the set of the one kind.
func (k ContentKind) Set() KindSet { return 1 << k }

// Has reports whether the kind is in the set.
func (s KindSet) Has(k ContentKind) bool { return s&k.Set() != 0 }

const (
	promptKind     KindSet = 1 << ContentPrompt
	completionKind KindSet = 1 << ContentCompletion
	argumentsKind  KindSet = 1 << ContentToolArguments
	resultKind     KindSet = 1 << ContentToolResult
	documentKind   KindSet = 1 << ContentDocument

	// AnyContent is content of which nothing more is known.
	AnyContent = promptKind | completionKind | argumentsKind | resultKind | documentKind
)

// Kinds is what an attribute of the role holds on a span or record that reports op. Agents, workflows and their steps repeat whatever
// went through them.
func (r Role) Kinds(op Operation) KindSet {
	switch r {
	case RoleInputMessages, RoleSystem, RoleQuery:
		return promptKind
	case RolePromptText:
		if op == OpEmbeddings || op == OpRerank {
			return promptKind | documentKind
		}
		return promptKind
	case RoleOutputMessages, RoleCompletionText:
		return completionKind
	case RoleToolArguments, RoleCompletionToolCalls:
		return argumentsKind
	case RoleToolResult:
		return resultKind
	case RoleDocuments:
		return documentKind
	case RoleRawInput:
		return rawKinds(op, promptKind, argumentsKind, promptKind)
	case RoleRawOutput:
		return rawKinds(op, completionKind, resultKind, documentKind)
	case RoleText, RoleMessageEvents:
		return AnyContent
	case RoleToolDefinitions:
		if op == OpExecuteTool { // tool.parameters: the schema by the specification, the arguments by its clients
			return argumentsKind
		}
	}
	return 0
}

// rawKinds picks by operation what went into a span, or what came out of it.
func rawKinds(op Operation, model, tool, retrieval KindSet) KindSet {
	switch {
	case op == OpEmbeddings, op == OpRerank:
		return promptKind | documentKind
	case op.IsInference():
		return model
	case op == OpExecuteTool, op == OpMCP:
		return tool
	case op == OpRetrieval:
		return retrieval
	}
	return AnyContent
}

// Reading is how content is to be read whose kinds are asked for.
type Reading uint8

// The ways of reading.
const (
	ReadWhole    Reading = iota // all of it is of the same kinds
	ReadMaybe                   // as messages if it looks like some, else whole
	ReadMessages                // roles and types of its objects tell what is of which kind
)

// Reading is how an attribute of the role is to be read.
func (r Role) Reading() Reading {
	switch r {
	case RoleInputMessages, RoleOutputMessages, RoleMessageEvents, RoleCompletionToolCalls:
		return ReadMessages
	case RoleRawInput, RoleRawOutput, RoleText, RolePromptText, RoleCompletionText, RoleSystem:
		return ReadMaybe
	}
	return ReadWhole
}

// messageWords stand in the JSON of messages, in some spelling of it.
var messageWords = []string{"role", "parts", "arguments", "tool_call", "toolCall", "tool-call", "toolUse", "tool_use", "functionCall", "Message\"", "human"}

// LooksLikeMessages reports whether JSON may hold messages, so that roles and types tell its kinds apart.
func LooksLikeMessages(json string) bool {
	for _, word := range messageWords {
		if strings.Contains(json, word) {
			return true
		}
	}
	return false
}

// roleKinds is what the messages of a role hold.
var roleKinds = map[string]KindSet{
	roleSystem: promptKind, roleUser: promptKind, roleAssistant: completionKind, roleTool: resultKind,
}

// partKinds is what the parts of a message hold, by their type, folded.
var partKinds = map[string]KindSet{
	"toolcall": argumentsKind, "tooluse": argumentsKind, "functioncall": argumentsKind, "servertoolcall": argumentsKind,
	"servertooluse": argumentsKind, "toolcallrequest": argumentsKind, "function": argumentsKind,
	"toolcallresponse": resultKind, "toolresult": resultKind, "functioncalloutput": resultKind, "functionresponse": resultKind,
	"servertoolcallresponse": resultKind, "toolreturn": resultKind, "toolresponse": resultKind,
}

// ObjectContent is what a JSON object holds.
type ObjectContent struct {
	Kinds KindSet
	// Message says that the object is a message or a part of one, so that names and states in it are no content.
	Message bool
}

// ObjectOf is what a JSON object holds that has the role and type, either of which may be empty, and stands in content of kind outer.
func ObjectOf(role, typ string, outer KindSet) ObjectContent {
	if kinds, ok := roleKinds[normalizeRole(role)]; ok {
		return ObjectContent{kinds, true}
	}
	if kinds, ok := lookup(partKinds, typ); ok {
		return ObjectContent{kinds, true}
	}
	if kinds, ok := roleKinds[normalizeRole(typ)]; ok {
		return ObjectContent{kinds, true}
	}
	return ObjectContent{outer, outer == argumentsKind}
}

// MemberForm is how the value of an object's member is to be read.
type MemberForm uint8

// The forms of members.
const (
	MemberNested MemberForm = iota // text is content, and objects in it are to be looked at on their own
	MemberWhole                    // all of it is content
	MemberLabel                    // text is no content: an id, a role, a model
)

// Member is what the object's member of that name holds.
func (o ObjectContent) Member(name string) (KindSet, MemberForm) {
	if isDocumentName(name) {
		return documentKind, MemberWhole
	}
	if is, _ := lookup(instructionNames, name); is {
		return promptKind, MemberNested
	}
	switch memberOf(name) {
	case memberRole, memberType, memberID, memberCallID, memberFinish, memberModel, memberMIME, memberModality:
		return o.Kinds, MemberLabel
	case memberName, memberKind, memberEventName, memberStatus, memberIsError, memberFormat, memberOrigin:
		if o.Message {
			return o.Kinds, MemberLabel
		}
	case memberArguments:
		return argumentsKind, MemberWhole
	case memberArgs, memberInput, memberKwargs:
		if o.Kinds == argumentsKind {
			return o.Kinds, MemberWhole
		}
	case memberContent, memberResponse, memberOutput, memberValue, memberData:
		if o.Kinds == resultKind {
			return o.Kinds, MemberWhole
		}
	case memberResult:
		return resultKind, MemberNested
	case memberToolCalls, memberCall:
		return argumentsKind, MemberNested
	case memberSystem, memberPrompt:
		return promptKind, MemberNested
	}
	return o.Kinds, MemberNested
}

// documentNames are members and parts of keys, folded, that hold what a retrieval found.
var documentNames = map[string]bool{
	"document": true, "documents": true, "retrieveddocuments": true, "sourcedocuments": true, "context": true, "contextstr": true,
	"pagecontent": true, "chunks": true,
}

// instructionNames are members, folded, that hold what an app tells its model, beside those of messages.
var instructionNames = map[string]bool{"instructionparts": true, "backstory": true, "goal": true, "task": true, "expectedoutput": true}

func isDocumentName(name string) bool {
	is, _ := lookup(documentNames, name)
	return is
}

// IsErrorText reports whether an attribute of that name says what went wrong.
func IsErrorText(key string) bool {
	ru := builtin.find(key)
	return key == "exception.stacktrace" || ru != nil && ru.field == fieldErrorMessage
}

// generalNamespaces begin the names of telemetry at large, which says where and how something ran and not what was said.
var generalNamespaces = []string{
	"client.", "cloud.", "code.", "container.", "db.", "deployment.", "error.", "exception.", "faas.", "host.", "http.", "k8s.", "llmcol.",
	"messaging.", "net.", "network.", "os.", "otel.", "peer.", "process.", "rpc.", "server.", "service.", "telemetry.", "thread.", "url.",
	"user_agent.",
}

// MayHoldContent reports whether nothing is known of an attribute of that name, so that on a span of an LLM app its text may be content.
func MayHoldContent(key string) bool {
	if builtin.find(key) != nil {
		return false
	}
	for _, namespace := range generalNamespaces {
		if strings.HasPrefix(key, namespace) {
			return false
		}
	}
	return true
}

// contentEndings end the names, in lower case and without separators, under which apps put what was said.
var contentEndings = []string{
	"text", "content", "message", "messages", "msg", "prompt", "completion", "input", "output", "request", "response", "question", "answer", "query",
	"transcript", "thought", "thinking", "reasoning",
}

// EndsAsContent reports whether an attribute of that name, of which nothing else is known, is called as apps call content.
func EndsAsContent(key string) bool {
	return endsInAny(key, contentEndings)
}

// EventKinds is what the attributes or the body of an event hold: one message, one piece of an answer, a document found. It is empty for
// events that are none of these.
func EventKinds(event string) KindSet {
	if role, ok := messageEvents[event]; ok {
		return roleKinds[role]
	}
	switch {
	case event == "db.query.result", event == "db.search.result":
		return documentKind
	case IsChunkEvent(event):
		return completionKind
	}
	return 0
}

// bodyHeads begin the log lines in which Spring AI writes content that its spans do not carry.
var bodyHeads = []struct {
	head  string
	kinds KindSet
}{
	{"Chat Model Prompt Content:", promptKind}, {"Chat Client Prompt Content:", promptKind}, {"Image Model Prompt Content:", promptKind},
	{"Chat Model Completion:", completionKind}, {"Chat Client Completion:", completionKind},
	{"Vector Store Query Response:", documentKind},
}

// BodyKinds is what the body of a log line holds by the words it begins with; empty for any other line.
func BodyKinds(body string) KindSet {
	for _, b := range bodyHeads {
		if strings.HasPrefix(body, b.head) {
			return b.kinds
		}
	}
	return 0
}

// FlattenedKinds is what one of many attributes `prefix.N.rest` holds. Attribute finds the text of a neighbour.
func FlattenedKinds(key string, op Operation, attribute func(key string) string) (KindSet, MemberForm) {
	f := findFamily(key)
	if f == nil || f.layout != LayoutFlattened {
		return 0, MemberLabel
	}
	object := ObjectContent{f.role.Kinds(op), true}
	index, rest, found := strings.Cut(key[len(f.prefix):], ".")
	if !found {
		return object.Kinds, MemberWhole
	}
	if f.role.Reading() != ReadWhole {
		item := f.prefix + index
		role := attribute(item + ".message.role")
		if role == "" {
			role = attribute(item + ".role")
		}
		object = ObjectOf(role, "", object.Kinds)
		object.Message = true
	}
	form := MemberNested
	for rest != "" && form == MemberNested {
		var name string
		name, rest, _ = strings.Cut(rest, ".")
		if name != "document" {
			object.Kinds, form = object.Member(name)
		}
	}
	return object.Kinds, form
}
