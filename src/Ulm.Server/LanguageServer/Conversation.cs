using System.IO.Pipelines;
using System.Text.Json;
using StreamJsonRpc;
using StreamJsonRpc.Protocol;

namespace Ulm.Server.LanguageServer;

/// <summary>JSON-RPC in the order that the Language Server Protocol sets.</summary>
internal sealed class Conversation : JsonRpc
{
    private const int NotInitialized = -32002;

    private readonly HashSet<RequestId> _owed = [];
    private TaskCompletionSource? _allAnswered;
    private bool _begun;
    private bool _over;

    public Conversation(Stream input, Stream output)
        // These pipes have written to the stream when they say so; those that the handler makes of streams do it later.
        : base(new HeaderDelimitedMessageHandler(PipeWriter.Create(output), PipeReader.Create(input), new SystemTextJsonFormatter { JsonSerializerOptions = ProtocolJson.Options }))
    {
    }

    /// <summary>Waits until all that has been asked is answered, as far as that does not take long: whoever says exit may still read.</summary>
    public async Task AnswerAllAsync()
    {
        try
        {
            await AllAnsweredAsync().WaitAsync(TimeSpan.FromSeconds(1));
        }
        catch (TimeoutException)
        {
            // An answer that is still sought is of no use any more.
        }
    }

    /// <summary>Holds the editor to the order that the protocol sets. In the order of the messages, whatever of them is still being answered.</summary>
    protected override ValueTask<JsonRpcMessage> DispatchRequestAsync(JsonRpcRequest request, TargetMethod targetMethod, CancellationToken cancellationToken)
    {
        Owe(request);
        var (code, fault) = request.Method switch
        {
            "exit" => default,
            "initialize" when _begun => ((int)JsonRpcErrorCode.InvalidRequest, "initialize comes once"),
            "initialize" => default,
            _ when !_begun => (NotInitialized, $"{request.Method} comes after initialize"),
            _ when _over => ((int)JsonRpcErrorCode.InvalidRequest, $"after shutdown comes exit, not {request.Method}"),
            _ => default,
        };
        if (fault is not null)
            return new ValueTask<JsonRpcMessage>(new JsonRpcError { RequestId = request.RequestId, Error = new JsonRpcError.ErrorDetail { Code = (JsonRpcErrorCode)code, Message = fault } });
        _begun |= request.Method == "initialize";
        _over |= request.Method == "shutdown";
        return base.DispatchRequestAsync(request, targetMethod, cancellationToken);
    }

    /// <summary>A request that lacks what it needs is its sender's fault, and where this program found out is of no use to them.</summary>
    protected override JsonRpcError.ErrorDetail CreateErrorDetails(JsonRpcRequest request, Exception exception) => exception is JsonException
        ? new JsonRpcError.ErrorDetail { Code = JsonRpcErrorCode.InvalidParams, Message = $"{request.Method}: {exception.Message}" }
        : base.CreateErrorDetails(request, exception);

    protected override async ValueTask SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        await base.SendAsync(message, cancellationToken);
        if (message is not (JsonRpcResult or JsonRpcError)) return;
        lock (_owed)
        {
            _owed.Remove(((IJsonRpcMessageWithId)message).RequestId);
            if (_owed.Count == 0) _allAnswered?.TrySetResult();
        }
    }

    private void Owe(JsonRpcRequest request)
    {
        if (!request.IsResponseExpected) return;
        lock (_owed) _owed.Add(request.RequestId);
    }

    private Task AllAnsweredAsync()
    {
        lock (_owed)
        {
            if (_owed.Count == 0) return Task.CompletedTask;
            return (_allAnswered ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
        }
    }
}
