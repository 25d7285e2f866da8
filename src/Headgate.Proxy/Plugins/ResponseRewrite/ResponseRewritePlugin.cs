using System.Text;
using Headgate.Core.Routing;
using Headgate.Proxy.Plugins.AnswerFields;

namespace Headgate.Proxy.Plugins.ResponseRewrite;

/// <summary>Changes status, header fields and body of what the client gets.</summary>
internal sealed class ResponseRewritePlugin(ResponseRewriteConfig config) : Plugin
{
    private readonly byte[]? _body = config.Body is null ? null : BytesOf(config);
    private readonly BodyFilter[] _filters = [.. config.Filters.Items.Select(static filter => BodyFilter.Create(filter, out _)!)];
    private readonly RequestCondition? _vars = config.Vars is { } vars ? RequestCondition.Compile(vars) : null;
    private readonly AnswerField[] _added = [.. config.Add.Items.Select(static field => new AnswerField(field, hasVariables: true))];
    private readonly AnswerField[] _set = [.. config.Set.Items.Select(static field => new AnswerField(field, hasVariables: true))];
    private readonly byte[][] _removed = [.. config.Remove.Items.Select(Encoding.ASCII.GetBytes)];

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.ResponseHead;

    /// <summary>The body that clients get; null when it is to be base64 and is not.</summary>
    public static byte[]? BytesOf(ResponseRewriteConfig config)
    {
        string body = config.Body!;
        if (!config.IsBodyBase64)
            return Encoding.UTF8.GetBytes(body);
        byte[] bytes = new byte[body.Length];
        string padded = body.PadRight((body.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(padded, bytes, out int length) ? bytes[..length] : null;
    }

    /// <inheritdoc/>
    public override void OnResponseHead(PluginContext context)
    {
        ResponseEdits answer = context.Response;
        if (_vars is not null && !_vars.Holds(context.Request))
            return;
        if (config.Status is { } status)
            answer.SetStatus(status);
        if (_body is not null)
        {
            answer.RemoveBodyFields();
            context.Body.Replace(_body);
        }
        else if (_filters.Length > 0)
        {
            Filter(context);
        }

        foreach (AnswerField field in _added)
            field.AddTo(context);
        foreach (AnswerField field in _set)
            field.SetIn(context);
        foreach (byte[] name in _removed)
            answer.Remove(name);
    }

    /// <summary>A body that is encoded in a way that is not known here passes as it is: it could only be spoilt.</summary>
    private void Filter(PluginContext context)
    {
        string coding = context.Response.TryGet("content-encoding"u8, out ReadOnlySpan<byte> value) ? Encoding.Latin1.GetString(value).Trim().ToLowerInvariant() : "";
        if (!FilteredBody.CanDecode(coding))
            return;
        context.Response.RemoveBodyFields();
        context.Body.Add(new FilteredBody(_filters, coding, config.BodyBytesMax));
    }
}
