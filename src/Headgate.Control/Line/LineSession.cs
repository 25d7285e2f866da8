using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text.Json;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.FleetHealth;
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

    private static readonly TimeSpan CloseMax = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(15);

    // What an instance says of itself is stored, and stores take no more than so much.
    private const int NameMax = 256;
    private const int AddressesMax = 256;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ConcurrentDictionary<long, TaskCompletionSource<InstanceAnswer>> _asked = new();
    private long _number;
    private volatile string? _closing;
    private long _welcomed = time.GetTimestamp();

    // Asked beside the messages: a store that is away answers after half a minute, and the instance would count as unheard meanwhile.
    private Task<bool> _isWelcome = Task.FromResult(true);

    /// <summary>Serves the line to its end.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (await GreetAsync(cancellationToken) is not { } identity)
            return;
        Instance instance = fleet.Attach(identity, this);
        await using CancellationTokenRegistration stops = cancellationToken.UnsafeRegister(static self => ((LineSession)self!).Close("this control plane stops"), this);
        (bool hasLeft, string reason) = (false, "the instance closed it");
        try
        {
            // Not cancelled: that would break the socket before the instance is told why.
            while (await socket.ReceiveAsync(Patience, CancellationToken.None) is { } message)
            {
                Take(message, instance);
                hasLeft |= message.Goodbye == true;
                await CheckWelcomeAsync(cancellationToken);
            }
        }
        catch (LineException e)
        {
            reason = e.Message;
        }
        finally
        {
            reason = _closing ?? reason;
            fleet.Detach(instance, this, hasLeft, reason);
            _ended.TrySetResult();
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
            if (_ended.Task.IsCompleted) // after it was put there: else nobody might say so to this one
                throw new LineException("the line broke");
            await socket.SendAsync(new LineMessage { Question = new LineQuestion(number, question) }, cancellationToken);
            return await answered.Task.WaitAsync(AnswerMax, time, cancellationToken);
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

    private void Take(LineMessage message, Instance instance)
    {
        if (message.Report is { } report)
        {
            if (report.Nodes.Contains(null!) || report.MoreTraffic.Contains(null!) || report.Traffic?.Nodes.Contains(null!) == true)
                throw new LineException("what came is no message: a node is null");
            if (report.MoreUpstreams.Concat(report.Traffic?.Upstreams ?? []).Any(static one => one is null || !LatencySum.Takes(one.Latencies)))
                throw new LineException("what came is no message: an upstream's latencies are none");
            instance.Take(report, this);
        }
        else if (message.Answer is { } answer && _asked.TryRemove(answer.Number, out TaskCompletionSource<InstanceAnswer>? waiting))
        {
            if (answer.Answer is { Status: >= 200 and < 600, Body.ValueKind: JsonValueKind.Object })
                waiting.TrySetResult(answer.Answer);
            else
                waiting.TrySetException(new LineException("its answer is none: a status from 200 to 599 and an object are allowed"));
        }
    }

    /// <summary>Looks now and then whether who opened the line still may.</summary>
    private async ValueTask CheckWelcomeAsync(CancellationToken cancellationToken)
    {
        if (!_isWelcome.IsCompleted)
            return;
        if (!await _isWelcome)
            throw new LineException("its token is no longer good");
        if (time.GetElapsedTime(_welcomed) <= WelcomeEvery)
            return;
        _welcomed = time.GetTimestamp();
        _isWelcome = IsWelcomeAsync(cancellationToken);
    }

    private async Task<bool> IsWelcomeAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await isWelcome(cancellationToken);
        }
        catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
        {
            return true; // nobody can say otherwise now
        }
    }

    /// <summary>The instance reads why, and ends its side; one that does not is cut off.</summary>
    private async Task CloseAsync(string reason)
    {
        _closing = reason;
        await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, reason);
        await _ended.Task.WaitAsync(CloseMax).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
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
        catch (OperationCanceledException)
        {
            refusal = "this control plane stops";
        }

        if (refusal is null)
            return hello!.Instance;
        LineLog.Refused(log, address, refusal);
        await socket.CloseAsync(WebSocketCloseStatus.PolicyViolation, refusal);
        return null;
    }

    private string? Refusal(LineHello? hello) => hello is null ? "a line begins with hello" : RefusalOf(hello) ?? fleet.RefusalTwice(hello.Instance);

    private string? RefusalOf(LineHello hello) => hello switch
    {
        { Protocol: not LineMessage.Protocol } => $"the instance speaks version {hello.Protocol} of the line's protocol, this control plane ({version}) speaks {LineMessage.Protocol}",
        { Instance: var who } when !ObjectId.IsLegal(who.Id) || !ObjectId.IsLegal(who.Group) => "the instance's id or gateway group is none; allowed: 1 to 64 of a-z A-Z 0-9 - _ .",
        { Instance: var who } when who.Hostname.Length > NameMax || who.Version.Length > NameMax || who.Addresses.Count > AddressesMax || who.Addresses.Any(static one => one is not { Length: <= NameMax }) =>
            $"the instance's hostname, version or addresses are too long; allowed: {NameMax} characters each, {AddressesMax} addresses",
        { Instance: var who } when group is not null && who.Group != group => $"the instance is of gateway group {who.Group}, its token is good for {group}",
        _ => null,
    };
}
