using System.Globalization;
using System.Text.Json;
using Headgate.Core.Config.Expressions;
using Headgate.Core.Config.Reading;
using Headgate.Core.Primitives;
using Headgate.Proxy.Plugins.AnswerFields;
using Headgate.Proxy.Plugins.Texts;

namespace Headgate.Proxy.Plugins.FaultInjection;

/// <summary><c>fault-injection</c>: answers or holds up requests, to see what their senders make of it.</summary>
internal sealed class FaultInjectionKind : PluginKind<FaultInjectionConfig>
{
    private const int VarsMax = 20;

    /// <inheritdoc/>
    public override string Name => "fault-injection";

    /// <inheritdoc/>
    public override int Priority => 11000;

    /// <inheritdoc/>
    protected override FaultInjectionConfig? ReadConfig(ObjectReader reader)
    {
        var config = new FaultInjectionConfig(ReadAbort(reader), ReadDelay(reader));
        reader.ForbidOthers();
        if (!reader.Has("abort") && !reader.Has("delay"))
            reader.Findings.Schema(reader.At, "expect object to have at least 1 properties");
        return config;
    }

    /// <inheritdoc/>
    protected override Plugin Make(FaultInjectionConfig config, PluginServices services) => new FaultInjectionPlugin(config, new Draws(services.Seed));

    private static FaultAbort? ReadAbort(ObjectReader reader)
    {
        if (reader.Object("abort") is not { } abort)
            return null;
        abort.Require("http_status");
        string? body = abort.Text("body");
        var read = new FaultAbort(
            abort.Integer("http_status", 200) ?? 200, body, AnswerFieldReader.Object(abort, "headers", hasVariables: true), abort.Integer("percentage", 0, 100), ReadVars(abort));
        abort.ForbidOthers();
        if (read.Status > 599)
            abort.Findings.Add(Phase.Own, abort.At.Property("http_status"), string.Create(CultureInfo.InvariantCulture, $"{abort.At.Path}.http_status: {read.Status} is no status; allowed: 200 to 599"));
        if (body is not null)
            SchemaRules.WarnUnknownVariables(abort, "body", TemplateParser.Value(body));
        return read;
    }

    private static FaultDelay? ReadDelay(ObjectReader reader)
    {
        if (reader.Object("delay") is not { } delay)
            return null;
        delay.Require("duration");
        var read = new FaultDelay(delay.Duration("duration", aboveZero: false) ?? TimeSpan.Zero, delay.Integer("percentage", 0, 100), ReadVars(delay));
        delay.ForbidOthers();
        return read;
    }

    private static EquatableArray<VarsExpression>? ReadVars(ObjectReader reader)
    {
        if (reader.Items<VarsExpression>("vars", 0, unique: false, ReadVar) is not { } vars)
            return null;
        if (vars.Length > VarsMax)
            reader.Findings.Schema(reader.At.Property("vars"), $"expect array to have at most {VarsMax} items");
        return new EquatableArray<VarsExpression>(vars);
    }

    private static bool ReadVar(JsonElement value, Location at, Findings findings, out VarsExpression condition)
    {
        condition = null!;
        if (value.ValueKind != JsonValueKind.Array)
        {
            JsonValues.WrongType("array", value, at, findings);
            return false;
        }

        condition = VarsExpression.Parse(value, out string? error)!;
        if (error is not null)
            findings.Add(Phase.Check, at, error);
        return error is null;
    }
}
