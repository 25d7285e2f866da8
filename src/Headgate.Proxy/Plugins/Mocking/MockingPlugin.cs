using System.Text;
using Headgate.Proxy.Plugins.AnswerFields;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.Mocking;

/// <summary>Answers every request.</summary>
internal sealed class MockingPlugin(MockingConfig config, Draws draws) : Plugin
{
    private const int StackBytes = 512;

    private readonly byte[] _contentType = Encoding.UTF8.GetBytes(config.ContentType);
    private readonly RequestTemplate? _example = config.Example is { } example ? TemplateParser.Value(example) : null;
    private readonly bool _isXml = MockingKind.TypeOf(config.ContentType) is "application/xml" or "text/xml";
    private readonly AnswerField[] _headers = [.. config.Headers.Items.Select(static field => new AnswerField(field, hasVariables: true))];

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Access;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> AccessAsync(PluginContext context) => config.Delay > TimeSpan.Zero ? AnswerLaterAsync(context) : new(Answer(context));

    private async ValueTask<PluginVerdict> AnswerLaterAsync(PluginContext context)
    {
        await context.DelayAsync(config.Delay);
        return Answer(context);
    }

    private PluginVerdict Answer(PluginContext context)
    {
        if (config.SaysSo)
            context.Response.Set("x-mock-by"u8, "Headgate"u8);
        foreach (AnswerField field in _headers)
            field.AddTo(context);
        var body = new ByteBuilder(stackalloc byte[StackBytes]);

        // As in APISIX, variables in what was made up are replaced too: they can stand in examples.
        (_example ?? TemplateParser.Value(MakeUp())).Write(context.Request, default, ref body, TextSets.Any);
        PluginVerdict verdict = context.Answer(config.Status, _contentType, body.Bytes);
        body.Dispose();
        return verdict;
    }

    private string MakeUp()
    {
        var writer = new MockWriter(draws);
        return _isXml ? writer.Xml(config.Schema!) : writer.Json(config.Schema!);
    }
}
