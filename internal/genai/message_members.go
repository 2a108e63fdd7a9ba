// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// member is what a name in a client's JSON object means. Names are compared without regard to case, underscores, hyphens and dots, so that
// one entry stands for toolCallId, tool_call_id and tool-call-id.
type member uint8

const (
	memberNone    member = iota
	memberIgnored        // says nothing about content

	memberRole
	memberType
	memberKind
	memberEventName
	memberID
	memberCallID
	memberName
	memberFinish
	memberMeta
	memberExtra
	memberStatus
	memberIsError
	memberError
	memberModel

	memberContent
	memberParts
	memberText
	memberReasoning
	memberSummary
	memberThought
	memberRefusal
	memberToolCalls
	memberCall
	memberResult
	memberFunction
	memberCallName
	memberCallArguments
	memberArguments
	memberOrigin

	memberInlineData
	memberFileData
	memberFile
	memberFileID
	memberImage
	memberAudio
	memberVideo
	memberDocument
	memberMedia
	memberURL
	memberSource
	memberData
	memberMIME
	memberModality
	memberFormat

	memberSystem
	memberConfig
	memberHistory
	memberMessages
	memberContents
	memberPrompt
	memberInput
	memberKwargs
	memberArgs
	memberChoices
	memberMessage
	memberOutput
	memberResponse
	memberValue

	numMembers
)

type memberSet uint64

const _ = memberSet(1) << (numMembers - 1) // as many members as a set has room for

func (m member) bit() memberSet { return 1 << m }

var membersByName = map[string]member{
	"role": memberRole,
	"type": memberType, "partkind": memberType, "blocktype": memberType,
	"kind":      memberKind,
	"eventname": memberEventName,
	"id":        memberID,
	"callid":    memberCallID, "toolcallid": memberCallID, "tooluseid": memberCallID, "ref": memberCallID,
	"name": memberName, "toolname": memberName,
	"finishreason": memberFinish, "stopreason": memberFinish, "donereason": memberFinish,
	"responsemetadata": memberMeta, "meta": memberMeta, "generationinfo": memberMeta,
	"additionalkwargs": memberExtra,
	"status":           memberStatus, "outcome": memberStatus,
	"iserror": memberIsError,
	"error":   memberError,
	"model":   memberModel, "modelid": memberModel,

	"content": memberContent, "blocks": memberContent,
	"parts": memberParts,
	"text":  memberText, "generatedtext": memberText,
	"reasoning": memberReasoning, "reasoningcontent": memberReasoning, "reasoningtext": memberReasoning, "thinking": memberReasoning,
	"summary":   memberSummary,
	"thought":   memberThought,
	"refusal":   memberRefusal,
	"toolcalls": memberToolCalls, "functioncalls": memberToolCalls,
	"toolcall": memberCall, "functioncall": memberCall, "tooluse": memberCall, "toolrequest": memberCall,
	"toolresult": memberResult, "functionresponse": memberResult, "toolresponse": memberResult, "toolcallresult": memberResult,
	"function":         memberFunction,
	"functioncallname": memberCallName, "functioncallargumentsjson": memberCallArguments,
	"arguments": memberArguments, "parameters": memberArguments, "toolkwargs": memberArguments,
	"origin": memberOrigin,

	"inlinedata": memberInlineData,
	"filedata":   memberFileData,
	"file":       memberFile, "fileid": memberFileID,
	"image": memberImage, "imageurl": memberImage,
	"audio": memberAudio, "inputaudio": memberAudio,
	"video": memberVideo, "videourl": memberVideo,
	"document": memberDocument,
	"media":    memberMedia,
	"url":      memberURL, "uri": memberURL, "fileuri": memberURL,
	"source": memberSource,
	"data":   memberData, "bytes": memberData,
	"mimetype": memberMIME, "mediatype": memberMIME, "contenttype": memberMIME,
	"modality": memberModality,
	"format":   memberFormat,

	"system": memberSystem, "systeminstruction": memberSystem, "systeminstructions": memberSystem, "systemprompt": memberSystem,
	"instructions": memberSystem,
	"config":       memberConfig,
	"history":      memberHistory, "chathistory": memberHistory,
	"messages": memberMessages, "inputmessages": memberMessages, "update": memberMessages,
	"contents": memberContents,
	"prompt":   memberPrompt, "prompts": memberPrompt, "query": memberPrompt, "question": memberPrompt, "inputtext": memberPrompt,
	"input": memberInput, "inputs": memberInput,
	"kwargs":  memberKwargs,
	"args":    memberArgs,
	"choices": memberChoices, "candidates": memberChoices, "generations": memberChoices, "replies": memberChoices,
	"message": memberMessage,
	"output":  memberOutput, "outputs": memberOutput, "completion": memberOutput, "generation": memberOutput,
	"response": memberResponse, "result": memberResponse,
	"value": memberValue,

	"object": memberIgnored, "created": memberIgnored, "createdat": memberIgnored, "index": memberIgnored, "lc": memberIgnored,
	"genaimessageindex": memberIgnored, "toolcalltype": memberIgnored,
}

// object is a client's JSON object by the meaning of its members.
type object struct {
	value   [numMembers]string // JSON
	present memberSet
	untaken memberSet // says something and nobody has asked for it yet
	unknown bool      // there are members that say something under names that are not in the table
	first   string    // name of the first member
}

func readObject(raw string) (o object) {
	eachMember(raw, func(name, value string) { o.add(name, value) })
	return o
}

func (o *object) add(name, value string) {
	if o.first == "" {
		o.first = name
	}
	m := memberOf(name)
	switch {
	case m == memberIgnored:
	case m == memberNone:
		o.unknown = o.unknown || !saysNothing(value)
	case o.has(m):
		o.unknown = o.unknown || !saysNothing(value) && value != o.value[m]
	default:
		o.present |= m.bit()
		if value == "null" {
			return
		}
		o.value[m] = value
		if !saysNothing(value) {
			o.untaken |= m.bit()
		}
	}
}

// memberOf is what a name means.
func memberOf(name string) member {
	var buf [32]byte
	return membersByName[string(fold(buf[:0], name))]
}

// fold appends name in lower case and without separators; a name too long for any table becomes empty.
func fold(dst []byte, name string) []byte {
	if len(name) > cap(dst) {
		return dst
	}
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '_' || c == '-' || c == '.' || c == ' ':
		case 'A' <= c && c <= 'Z':
			dst = append(dst, c+'a'-'A')
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

func (o *object) has(m member) bool       { return o.value[m] != "" }
func (o *object) hasAny(s memberSet) bool { return o.present&s != 0 }
func (o *object) lossy() bool             { return o.unknown || o.untaken&^bookkeeping != 0 }

// only tells whether nothing but the members of s, and bookkeeping, says anything.
func (o *object) only(s memberSet) bool { return !o.unknown && o.untaken&^(s|bookkeeping) == 0 }

// peek is a member's string, or its JSON where that is no string.
func (o *object) peek(m member) string { return unquote(o.value[m]) }

// take is a member's JSON, which counts as carried over from then on.
func (o *object) take(m member) string {
	o.untaken &^= m.bit()
	return o.value[m]
}

// takeString is the string of the first of ms that is there.
func (o *object) takeString(ms ...member) string {
	for _, m := range ms {
		if o.has(m) {
			return unquote(o.take(m))
		}
	}
	return ""
}

// takeID is the id of a tool call. A serialized LangChain object has the path of its class for an id, which is none.
func (o *object) takeID() string {
	if isArray(o.value[memberID]) && !o.has(memberCallID) {
		return ""
	}
	return o.takeString(memberCallID, memberID)
}

// takeFirst is the JSON of the first of ms that is there.
func (o *object) takeFirst(ms ...member) string {
	for _, m := range ms {
		if o.has(m) {
			return o.take(m)
		}
	}
	return ""
}

// bookkeeping is what may be left over without a loss: identifiers of messages, and words for what an object is.
const bookkeeping = memberSet(1<<memberID | 1<<memberType | 1<<memberKind | 1<<memberEventName | 1<<memberStatus)

// lookup finds word in a table whose keys are folded.
func lookup[V any](table map[string]V, word string) (V, bool) {
	var buf [32]byte
	v, ok := table[string(fold(buf[:0], word))]
	return v, ok
}
