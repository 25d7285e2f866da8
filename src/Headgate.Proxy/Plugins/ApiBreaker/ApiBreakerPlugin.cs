using System.Text;
using Headgate.Core.Config;
using Headgate.Proxy.Plugins.Limits;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.ApiBreaker;

/// <summary>Counts what tries end with, by host and path, and refuses requests for a time after failures.</summary>
internal sealed class ApiBreakerPlugin : Plugin
{
    private readonly LimitTable<BreakerState> _table = new(LimitTable<BreakerState>.KeysMax, static _ => new BreakerState());
    private readonly LimitKey _key = new(LimitKeyType.Combination, "$host$uri");
    private readonly ApiBreakerConfig _config;
    private readonly TimeProvider _time;
    private readonly long _began;
    private readonly byte[]? _body;
    private readonly (byte[] Name, bool IsContentType, RequestTemplate Value)[] _fields;

    public ApiBreakerPlugin(ApiBreakerConfig config, TimeProvider time)
    {
        (_config, _time, _began) = (config, time, time.GetTimestamp());
        _body = config.ResponseBody is { } body ? Encoding.UTF8.GetBytes(body) : null;
        _fields = [.. config.ResponseHeaders.Items.Select(static field => (Encoding.ASCII.GetBytes(field.Name), IsContentType(field), TemplateParser.Value(field.Value)))];
    }

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Access | PluginPhases.End;

    private long NowMs => (long)_time.GetElapsedTime(_began).TotalMilliseconds;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context)
    {
        Span<byte> buffer = stackalloc byte[LimitKey.BytesMax];
        bool isBroken = _table.TryGet(_key.Of(context.Request, buffer), out BreakerState? state) && state.IsBroken(NowMs);
        return isBroken ? new(Refuse(context)) : default;
    }

    /// <inheritdoc/>
    public override void OnEnd(PluginContext context)
    {
        int status = context.LastTryStatus;
        bool isFailure = _config.UnhealthyStatuses.Contains(status);
        if (!isFailure && !_config.HealthyStatuses.Contains(status))
            return;
        Span<byte> buffer = stackalloc byte[LimitKey.BytesMax];
        ReadOnlySpan<byte> key = _key.Of(context.Request, buffer);
        if (isFailure)
        {
            long nowMs = NowMs;
            while (!_table.Get(key, nowMs).TryFail(_config, nowMs))
            {
            }
        }
        else if (_table.TryGet(key, out BreakerState? state))
        {
            state.Succeed(_config);
        }
    }

    private PluginVerdict Refuse(PluginContext context)
    {
        if (_body is null)
            return context.Answer(_config.ResponseCode);
        var value = new ByteBuilder(stackalloc byte[256]);
        foreach (ref readonly (byte[] Name, bool IsContentType, RequestTemplate Value) field in _fields.AsSpan())
        {
            value.Clear();
            field.Value.Write(context.Request, default, ref value, TextSets.Field);
            if (field.IsContentType)
                context.Response.Set(field.Name, value.Bytes);
            else
                context.Response.Add(field.Name, value.Bytes);
        }

        value.Dispose();
        return context.Answer(_config.ResponseCode, JsonBodies.ContentType, _body);
    }

    private static bool IsContentType(HeaderConfig field) => field.Name.Equals("content-type", StringComparison.OrdinalIgnoreCase);
}
