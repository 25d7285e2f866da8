using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Headgate.Core.Config.Reading;
using Headgate.Proxy.Plugins.Bodies;
using Headgate.Proxy.Plugins.JsonSchemas;
using Headgate.Proxy.Transport;

namespace Headgate.Proxy.Plugins.RequestValidation;

/// <summary>
/// Refuses requests whose header fields or body do not fit a schema. The node gets the body as the client sent it, not written anew as by APISIX; so what two readers of JSON might
/// understand differently (a name twice in an object, text that is no Unicode) is refused.
/// </summary>
internal sealed class RequestValidationPlugin(RequestValidationConfig config) : Plugin
{
    // Larger ones are read elsewhere: some tens of megabytes take as many milliseconds, in which a loop serves nobody.
    private const int InlineBytesMax = 65_536;

    private const int DepthMax = 128;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = DepthMax };

    [ThreadStatic]
    private static FieldTable? t_fields;

    private readonly JsonSchema? _headers = config.HeaderSchema is { } schema ? JsonSchema.Of(schema, lowersNames: true) : null;
    private readonly JsonSchema? _body = config.BodySchema is { } schema ? JsonSchema.Of(schema) : null;
    private readonly byte[]? _refusal = config.RejectedMsg is { } text ? Encoding.UTF8.GetBytes(text) : null;

    /// <inheritdoc/>
    public override PluginPhases Phases => PluginPhases.Rewrite;

    /// <inheritdoc/>
    public override ValueTask<PluginVerdict> RewriteAsync(PluginContext context)
    {
        if (_headers is not null && CheckFields(context) is { } problem)
            return new(Refuse(context, problem));
        return _body is null ? default : CheckBodyAsync(context);
    }

    private string? CheckFields(PluginContext context)
    {
        using JsonDocument fields = JsonDocument.Parse((t_fields ??= new FieldTable()).ReadJson(context));
        return _headers!.Check(fields.RootElement);
    }

    [AsyncMethodBuilder(typeof(PooledAsyncMethodBuilder<>))]
    private async ValueTask<PluginVerdict> CheckBodyAsync(PluginContext context)
    {
        if (!TryFindForm(context, out bool isForm))
            return Refuse(context, null);
        switch (await context.RequestBody.ReadAsync(config.BodyBytesMax))
        {
            case BodyReading.Broken:
                return context.AnswerBrokenBody();
            case BodyReading.TooLarge:
                return Refuse(context, null);
        }

        ReadOnlyMemory<byte> body = context.RequestBody.Memory;
        if (body.IsEmpty)
            return Refuse(context, null);
        string? problem = body.Length <= InlineBytesMax ? CheckBody(body, isForm) : await CheckElsewhereAsync(body, isForm);
        return problem is null ? PluginVerdict.Continue : Refuse(context, problem);
    }

    /// <summary>What the body is said to be: a form, or else JSON. False when that is said twice: the node might believe the other.</summary>
    private static bool TryFindForm(PluginContext context, out bool isForm)
    {
        int place = 0;
        bool isSaid = context.Forwarded.TryGetNext("content-type"u8, ref place, out ReadOnlySpan<byte> type);
        isForm = Ascii.EqualsIgnoreCase(type[..Math.Min(type.Length, FormType.Length)], FormType);
        return !isSaid || !context.Forwarded.TryGetNext("content-type"u8, ref place, out _);
    }

    private static ReadOnlySpan<byte> FormType => "application/x-www-form-urlencoded"u8;

    private async Task<string?> CheckElsewhereAsync(ReadOnlyMemory<byte> body, bool isForm)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return CheckBody(body, isForm);
    }

    private string? CheckBody(ReadOnlyMemory<byte> body, bool isForm)
    {
        if (isForm)
            return FormBody.Read(body.Span) is { } form ? _body!.Check(form) : "the form has too many fields";
        if (!Utf8.IsValid(body.Span))
            return "the body is not UTF-8";
        try
        {
            using JsonDocument document = JsonDocument.Parse(body, Strict);
            return _body!.Check(document.RootElement);
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException)
        {
            return failure is JsonException { BytePositionInLine: not null } json ? "the body is not JSON: " + LuaText.Clip(json.Message) : "the body is not JSON";
        }
    }

    private PluginVerdict Refuse(PluginContext context, string? problem) => _refusal is null && problem is null
        ? context.Answer(config.RejectedCode)
        : context.Answer(config.RejectedCode, JsonBodies.ContentType, _refusal ?? Encoding.UTF8.GetBytes(problem!));
}
