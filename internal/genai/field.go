// Copyright The llmcol Authors
// SPDX-License-Identifier: Apache-2.0

package genai

// Field is one fact that a single attribute can hold. Where several attributes hold the same fact, the better ranked one wins.
type Field uint8

// The fields. Those whose name ends in JSON hold an object that is only parsed when an answer is not found elsewhere.
const (
	fieldNone Field = iota

	fieldKind // the vendor's own word for what the span is
	fieldOperation
	fieldRequestType
	fieldMCPMethod
	fieldEntityName // the name of whatever the span is: a tool, an agent, a workflow
	fieldEventName
	fieldEventKind

	fieldProvider
	fieldServerAddress
	fieldRequestModel
	fieldResponseModel
	fieldModel // the request's or the response's: the client does not say
	fieldServiceTier

	fieldInput
	fieldOutput
	fieldTotal
	fieldCacheRead
	fieldCacheWrite
	fieldCacheWrite5m
	fieldCacheWrite1h
	fieldReasoning
	fieldThoughts // reasoning counted beside the output
	fieldInputAudio
	fieldOutputAudio
	fieldCacheAudio
	fieldInputImage
	fieldOutputImage
	fieldWebSearches
	fieldSearchUnits
	fieldInputDetailed // present only where the input count contains the cache
	fieldUsageJSON
	fieldInputDetailsJSON
	fieldOutputDetailsJSON

	fieldTemperature
	fieldTopP
	fieldTopK
	fieldMaxTokens
	fieldStop
	fieldFrequencyPenalty
	fieldPresencePenalty
	fieldSeed
	fieldChoiceCount
	fieldStream
	fieldParamsJSON
	fieldFinishReason

	fieldResponseID
	fieldRequestID
	fieldConversation
	fieldUser
	fieldAgentName
	fieldAgentID
	fieldAgentRun
	fieldCheckpoint
	fieldMetadataJSON

	fieldToolName
	fieldToolCallID
	fieldToolType
	fieldToolFailed // a bool, or a word that says so
	fieldToolSucceeded
	fieldStatusText

	fieldRetrievalTopK
	fieldDataSource
	fieldTimeToFirstToken   // seconds
	fieldTimeToFirstTokenMS // milliseconds
	fieldFirstTokenAt       // a time stamp

	fieldCost
	fieldCostJSON
	fieldErrorType
	fieldErrorMessage
	fieldHTTPStatus

	fieldEvaluationName
	fieldEvaluationScore
	fieldEvaluationLabel

	fieldCostStatus
	fieldLoopSeverity
	fieldLoopTransition
	fieldRedacted
	fieldDroppedBytes
	fieldReplaced
	fieldCallsWithin // how many model calls the span holds, and sums up
	fieldOtherSystem // what a span of a database, a server or a queue says of it

	numFields
)
