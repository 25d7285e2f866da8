using Headgate.Core.Primitives;
using Headgate.Core.Routing;
using Headgate.Core.Snapshot;
using Headgate.Proxy.Plugins.Bodies;
using Headgate.Proxy.Transport;
using Headgate.Proxy.Upstream;

namespace Headgate.Proxy.Plugins;

/// <summary>
/// A request as plugins see it. One for each request in work, used by its flow alone; valid until the request has ended. Nothing here blocks, and nothing allocates in the long run.
/// </summary>
public sealed class PluginContext
{
    private readonly Exchange _exchange;
    private readonly RequestEdits _forwarded = new();
    private readonly ResponseEdits _response = new();
    private (Plugin Plugin, long Value, object? Kept)[] _notes = [];
    private int _noteCount;
    private GatewaySnapshot _snapshot = GatewaySnapshot.Empty;
    private DeadlineWheel _clock = null!;
    private int _writer;
    private Http1.ResponseHead? _ownHead;

    internal PluginContext(Exchange exchange)
    {
        _exchange = exchange;
        Body = new ResponseBody(exchange);
        RequestBody = new RequestBody(this);
        Run = new PluginRun(this);
    }

    /// <summary>What the client has sent.</summary>
    public IRequestView Request => _exchange;

    /// <summary>The route that matched; null when none does, and only the global rules run.</summary>
    public RouteSnapshot? Route { get; private set; }

    /// <summary>From now on the client's address is another: for limits, conditions, the fields that nodes get. <paramref name="port"/>: 0 = it is not known.</summary>
    public void SetClient(UInt128 address, int port) => _exchange.SetClient(address, port);

    /// <summary>Who calls; null until a plugin has found out.</summary>
    public ConsumerSnapshot? Consumer { get; private set; }

    /// <summary>By what the consumer was found; null when it was found by nothing of its own (an anonymous consumer).</summary>
    public CredentialSnapshot? Credential { get; private set; }

    /// <summary>Who may call.</summary>
    public ConsumerTable Consumers => _snapshot.Consumers;

    /// <summary>What the node is to get.</summary>
    public RequestEdits Forwarded => _forwarded;

    /// <summary>What the client is to get.</summary>
    public ResponseEdits Response => _response;

    /// <summary>What the client is to get behind the head. Changes are asked for at <see cref="PluginPhases.ResponseHead"/>.</summary>
    public ResponseBody Body { get; }

    /// <summary>The body that the client sends, for who asks: before a node has it, up to <see cref="PluginPhases.BeforeProxy"/>.</summary>
    public RequestBody RequestBody { get; }

    /// <summary>Minor version of the client's HTTP/1; 1 for HTTP/2.</summary>
    public int VersionMinor => _exchange.Request.VersionMinor;

    /// <summary>Whether the client has gone away.</summary>
    public bool IsClientGone => _exchange.IsClientGone;

    /// <summary>What the last try ended with: the node's status, 504 when it timed out, 502 when it failed otherwise; 0 = there was none.</summary>
    public int LastTryStatus => _exchange.Tries.Last;

    /// <summary>The request and its answer as the pipeline sees them.</summary>
    internal Exchange Exchange => _exchange;

    /// <summary>What became of the request and its tries; at <see cref="PluginPhases.End"/>, for plugins that ask for it.</summary>
    internal Telemetry.RequestTrace Trace => _exchange.Trace!;

    /// <summary>Where the request waits.</summary>
    internal DeadlineWheel Clock => _clock;

    /// <summary>For an answer that a plugin makes as if it were a node's; stays what it is until the request has ended.</summary>
    internal Http1.ResponseHead OwnHead => _ownHead ??= new Http1.ResponseHead();

    /// <summary>Slot of the upstream that a plugin has chosen; −1 = the route's own.</summary>
    internal int UpstreamSlot { get; private set; }

    /// <summary>The upstream that the request goes to as things stand; null = it has none, or there is no such upstream.</summary>
    internal UpstreamSnapshot? Upstream => UpstreamSlot < 0 ? _snapshot.UpstreamOf(Route) : _snapshot.Upstream(UpstreamSlot);

    /// <summary>Takes the request through its plugins.</summary>
    internal PluginRun Run { get; }

    /// <summary>The plugin that runs now.</summary>
    internal RunningPlugin? Running { get; set; }

    /// <summary>
    /// The request's body may have so many bytes, whatever the gateway allows otherwise; 0 = as many as it likes. Before the body is read. False when the client has announced more.
    /// A body that turns out to be longer is answered 413.
    /// </summary>
    public bool LimitBody(long bytesMax)
    {
        _exchange.BodyBytesMax = bytesMax;
        return _exchange.MayHaveBody;
    }

    /// <summary>
    /// Answers the request; only once, and only before <see cref="PluginPhases.ResponseHead"/>. What <c>_meta.error_response</c> says replaces the body of a status from 400 on.
    /// </summary>
    public PluginVerdict Answer(int status, ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> body)
    {
        if (status >= 400 && Running?.ErrorBody is { } error)
        {
            contentType = Running.ErrorContentType;
            body = error;
        }

        if (_exchange.Account is { } account)
            account.Refuse(Running is null ? "a plugin is missing or has failed" : $"plugin {Running.Setting.Plugin.Name} answered");
        _exchange.WriteGatewayAnswer(status, contentType, body);
        return PluginVerdict.Answered;
    }

    /// <summary>Answers a request whose body is <see cref="BodyReading.Broken"/>, with the gateway's standard body. A client that is gone reads nothing of it.</summary>
    public PluginVerdict AnswerBrokenBody() => Answer(RequestBody.FailureStatus);

    /// <summary>Whether an upstream of the running plugin's configuration exists; <paramref name="upstream"/>: its index there.</summary>
    public bool HasUpstream(int upstream) => Running!.UpstreamSlots[upstream] >= 0;

    /// <summary>
    /// Sends the request to an upstream of the running plugin's configuration instead of the route's; <paramref name="upstream"/>: its index there. Before
    /// <see cref="PluginPhases.BeforeProxy"/>. One that does not exist is answered 500.
    /// </summary>
    public void SendTo(int upstream) => UpstreamSlot = Running!.UpstreamSlots[upstream] is >= 0 and var slot ? slot : int.MaxValue;

    /// <summary>Sends the request to the route's own upstream, whatever an earlier plugin has chosen.</summary>
    public void SendToOwn() => UpstreamSlot = -1;

    /// <summary>Answers with the gateway's standard body for <paramref name="status"/> (docs/reference/errors.md).</summary>
    public PluginVerdict Answer(int status) => Answer(status, Http1.GatewayBodies.ContentType(status), Http1.GatewayBodies.Body(status));

    /// <summary>
    /// The request is the consumer's from now on, whose plugins take part after this phase. Nodes are told of it, and of nothing that a client may have written in those fields, as in
    /// APISIX: <c>X-Consumer-Username</c>, <c>X-Consumer-Custom-ID</c>, <c>X-Credential-Identifier</c>. <paramref name="credential"/>: by what it was found; null = by nothing of its own.
    /// </summary>
    public void Identify(ConsumerSnapshot consumer, CredentialSnapshot? credential)
    {
        (Consumer, Credential) = (consumer, credential);
        if (consumer.Chain is CompiledChain { Traces: true })
            EnsureTrace();
        SetOrRemove("x-consumer-username"u8, consumer.Name);
        SetOrRemove("x-credential-identifier"u8, credential is null ? default : credential.Id.Span);
        SetOrRemove("x-consumer-custom-id"u8, consumer.CustomId);
    }

    /// <summary>The gateway itself answers with its standard body, whatever plugin runs now; one that has answered and failed then has its answer cut off instead.</summary>
    internal void AnswerForGateway(int status)
    {
        Running = null; // what is configured for its refusals is not for this
        if (_exchange.HasAnswer)
            _exchange.AbortAnswer();
        else
            Answer(status);
    }

    /// <summary>A number that <paramref name="plugin"/> keeps for this request; 0 until it has written one.</summary>
    public ref long Note(Plugin plugin) => ref NoteOf(plugin).Value;

    /// <summary>
    /// What <paramref name="plugin"/> holds for this request; null until it has written something. For as long as it is not null, the plugin is told of the request's end whatever its
    /// <c>_meta.filter</c> says by then.
    /// </summary>
    public ref object? Keep(Plugin plugin) => ref NoteOf(plugin).Kept;

    /// <summary>Waits, without a thread, to within 10 ms; false when the client has gone away meanwhile. The one thing here that allocates.</summary>
    public ValueTask<bool> DelayAsync(TimeSpan delay) => BackOffWait.RunAsync(_exchange, _clock, (int)Math.Min(Math.Ceiling(delay.TotalMilliseconds), int.MaxValue));

    /// <summary>Whether <paramref name="plugin"/> has something to give back at the request's end.</summary>
    internal bool Keeps(Plugin plugin)
    {
        foreach (ref readonly (Plugin Plugin, long Value, object? Kept) note in _notes.AsSpan(0, _noteCount))
        {
            if (note.Plugin == plugin)
                return note.Kept is not null;
        }

        return false;
    }

    private ref (Plugin Plugin, long Value, object? Kept) NoteOf(Plugin plugin)
    {
        for (int i = 0; i < _noteCount; i++)
        {
            if (_notes[i].Plugin == plugin)
                return ref _notes[i];
        }

        if (_noteCount == _notes.Length)
            Array.Resize(ref _notes, Math.Max(4, _noteCount * 2));
        _notes[_noteCount] = (plugin, 0, null);
        return ref _notes[_noteCount++];
    }

    /// <summary>A request begins. <paramref name="route"/>: null = none matches; <paramref name="clock"/>: where it waits; <paramref name="writer"/>: as <see cref="Telemetry.RequestTrace.Writer"/>.</summary>
    internal void Begin(GatewaySnapshot snapshot, RouteSnapshot? route, DeadlineWheel clock, int writer)
    {
        (_snapshot, _clock, _writer) = (snapshot, clock, writer);
        (Route, Consumer, Credential, Running, UpstreamSlot) = (route, null, null, null, -1);
        _forwarded.Begin(_exchange.Request);
        _response.Begin();
        RequestBody.Begin();
        _noteCount = 0;
        Run.Begin(snapshot.GlobalRules, route);
        if (Run.Traces)
            EnsureTrace();
    }

    /// <summary>
    /// An answer's head is about to be written; <paramref name="head"/>: a node's. <paramref name="contentType"/>: of the gateway's own. <paramref name="length"/>: bytes of its body,
    /// −1 = not known.
    /// </summary>
    internal void OnHead(int status, Http1.ResponseHead? head, ReadOnlySpan<byte> contentType, long length)
    {
        _response.BeginHead(status, head, contentType);
        Body.Begin(length);
        Run.OnResponseHead();
        Body.ChooseCoding(this);
        _response.EndHead();
    }

    /// <summary>The gateway's own body with what plugins make of it; a failure of theirs is answered instead.</summary>
    internal ReadOnlySpan<byte> ChangeOwnBody(scoped ReadOnlySpan<byte> body, scoped ref int status)
    {
        try
        {
            return Body.Change(body);
        }
        catch (Exception failure)
        {
            OnBodyFailure(failure);
            _response.TakeBackHead();
            status = 500;
            return default;
        }
    }

    /// <summary>A body could not be changed.</summary>
    internal void OnBodyFailure(Exception failure) => Running?.LogBodyFailure(this, failure);

    private void EnsureTrace()
    {
        if (_exchange.Trace is null)
            _exchange.BeginTrace(_writer);
    }

    private void SetOrRemove(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
            _forwarded.Remove(name);
        else
            _forwarded.Set(name, value);
    }
}
