using System.Collections.Concurrent;
using System.Net.WebSockets;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.Instances;
using Headgate.Store;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.Line;

/// <summary>The control plane's end of one line.</summary>
/// <param name="socket">The line.</param>
/// <param name="group">The only gateway group that may come over it; null = any.</param>
/// <param name="isWelcome">Whether who opened it still may.</param>
/// <param name="address">The peer, for texts.</param>
/// <param name="version">Of this control plane.</param>
/// <param name="fleet">Where instances are known.</param>
/// <param name="time">The clock.</param>
/// <param name="log">Where refusals are written.</param>
internal sealed class LineSession(
    LineSocket socket, string? group, Func<CancellationToken, ValueTask<bool>> isWelcome, string address, string version, Fleet fleet, TimeProvider time, ILogger log) : IInstanceLine
{
    /// <summary>So long without a report, and the line counts as broken; several reports would have come.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    /// <summary>How often it is looked whether the token is still good.</summary>
    private static readonly TimeSpan WelcomeEvery = TimeSpan.FromSeconds(20);

    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<long, TaskCompletionSource<InstanceAnswer>> _asked = new();
    private long _number;
    private long _welcomed = time.GetTimestamp();

    /// <summary>Serves the line to its end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await GreetAsync(cancellationToken) is not { } identity)
            return;
        Instance instance = fleet.Attach(identity, this);
        (bool hasLeft, string reason) = (false, "the instance closed it");
        try
        {
            while (await socket.ReceiveAsync(Patience, cancellationToken) is { } message)
            {
                if (message.Report is { } report)
                    instance.Take(report);
                else if (message.Answer is { } answer && _asked.TryRemove(answer.Number, out TaskCompletionSource<InstanceAnswer>? waiting))
                    waiting.TrySetResult(answer.Answer);
                else if (message.Goodbye == true)
                    hasLeft = true;
                if (time.GetElapsedTime(_welcomed) > WelcomeEvery && !await IsWelcomeAsync(cancellationToken))
                    throw new LineException("its token is no longer good");
            }
        }
        catch (LineException e)
        {
            reason = e.Message;
        }
        catch (OperationCanceledException)
        {
            reason = "this control plane stops";
        }
        finally
        {
            fleet.Detach(instance, this, hasLeft, reason);
            foreach (TaskCompletionSource<InstanceAnswer> waiting in _asked.Values)
                waiting.TrySetException(new LineException($"the line to instance {identity.Id} broke"));
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, reason);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<InstanceAnswer> AskAsync(InstanceQuestion question, CancellationToken cancellationToken)
    {
        long number = Interlocked.Increment(ref _number);
        var answered = new TaskCompletionSource<InstanceAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _asked[number] = answered;
        try
        {
            await socket.SendAsync(new LineMessage { Question = new LineQuestion(number, question) }, cancellationToken);
            return await answered.Task.WaitAsync(AnswerMax, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new LineException($"no answer within {AnswerMax.TotalSeconds:0} s", e);
        }
        finally
        {
            _asked.TryRemove(number, out _);
        }
    }

    /// <inheritdoc/>
    public void Close(string reason) => _ = CloseAsync(reason);

    private async ValueTask<bool> IsWelcomeAsync(CancellationToken cancellationToken)
    {
        _welcomed = time.GetTimestamp();
        try
        {
            return await isWelcome(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return true; // nobody can say otherwise now
        }
    }

    private async Task CloseAsync(string reason)
    {
        await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, reason);
        socket.Abort();
    }

    /// <summary>Who comes; null when it was refused.</summary>
    private async Task<InstanceIdentity?> GreetAsync(CancellationToken cancellationToken)
    {
        string? refusal;
        LineHello? hello = null;
        try
        {
            hello = (await socket.ReceiveAsync(Patience, cancellationToken))?.Hello;
            refusal = Refusal(hello);
            if (refusal is null)
                await socket.SendAsync(new LineMessage { Welcome = new LineWelcome(version) }, cancellationToken);
        }
        catch (LineException e)
        {
            refusal = e.Message;
        }

        if (refusal is null)
            return hello!.Instance;
        LineLog.Refused(log, address, refusal);
        await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, refusal);
        return null;
    }

    private string? Refusal(LineHello? hello) => hello switch
    {
        null => "a line begins with hello",
        { Protocol: not LineMessage.Protocol } => $"the instance speaks version {hello.Protocol} of the line's protocol, this control plane ({version}) speaks {LineMessage.Protocol}",
        { Instance: null or { Id: null } or { Group: null } or { Addresses: null } or { Hostname: null } or { Version: null } } => "hello does not say who comes",
        { Instance: var who } when !ObjectId.IsLegal(who.Id) || !ObjectId.IsLegal(who.Group) => "the instance's id or gateway group is none; allowed: 1 to 64 of a-z A-Z 0-9 - _ .",
        { Instance: var who } when group is not null && who.Group != group => $"the instance is of gateway group {who.Group}, its token is good for {group}",
        _ => null,
    };
}
