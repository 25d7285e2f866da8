using System.Text;
using Headgate.Proxy.Plugins.AnswerFields;
using Headgate.Proxy.Plugins.Bodies;

namespace Headgate.Proxy.Plugins.Echo;

/// <summary>Puts text around or in place of bodies.</summary>
internal sealed class EchoPlugin(EchoConfig config) : Plugin
{
    private readonly byte[]? _body = config.Body is null ? null : Encoding.UTF8.GetBytes(config.Before + config.Body + config.After);
    private readonly TransformPool<SurroundedBody> _surrounded = new(pool => new SurroundedBody(Encoding.UTF8.GetBytes(config.Before ?? ""), Encoding.UTF8.GetBytes(config.After ?? ""), pool));
    private readonly AnswerField[] _headers = [.. config.Headers.Items.Select(static field => new AnswerField(field, hasVariables: false))];

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.ResponseHead;

    /// <inheritdoc/>
    public override void OnResponseHead(PluginContext context)
    {
        context.Response.RemoveBodyFields();
        if (_body is not null)
            context.Body.Replace(_body);
        else
            context.Body.Add(_surrounded.Take());
        foreach (AnswerField field in _headers)
            field.SetIn(context);
    }
}
