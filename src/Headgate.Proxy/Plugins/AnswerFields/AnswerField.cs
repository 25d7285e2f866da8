using System.Text;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.AnswerFields;

/// <summary>A header field that a plugin gives to answers. One whose value comes out empty is not sent, as in nginx. Immutable, thread-safe.</summary>
internal sealed class AnswerField
{
    private const int StackBytes = 512;

    private readonly byte[] _name;
    private readonly RequestTemplate _value;

    /// <param name="field">The field.</param>
    /// <param name="hasVariables">Whether its value is a template.</param>
    public AnswerField(HeaderTemplate field, bool hasVariables)
    {
        _name = Encoding.ASCII.GetBytes(field.Name);
        _value = hasVariables ? TemplateParser.Value(field.Value) : new RequestTemplate([new TemplatePart(Encoding.UTF8.GetBytes(field.Value))]);
    }

    /// <summary>Sends it besides those of its name that are there.</summary>
    public void AddTo(PluginContext context) => Write(context, replaces: false);

    /// <summary>Sends it in place of those of its name.</summary>
    public void SetIn(PluginContext context) => Write(context, replaces: true);

    private void Write(PluginContext context, bool replaces)
    {
        var value = new ByteBuilder(stackalloc byte[StackBytes]);
        _value.Write(context.Request, default, ref value, TextSets.Field);
        if (replaces)
            context.Response.Remove(_name);
        if (value.Length > 0)
            context.Response.Add(_name, value.Bytes);
        value.Dispose();
    }
}
