using System.Buffers;
using System.Text.Json;
using Headgate.Control.AdminApi;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.AdminApi.Objects;
using Headgate.Control.AdminApi.Schemas;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Headgate.Store;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Headgate.Control.ControlApi;

/// <summary>Answers the control API: the schemas, and the objects as they are stored, shaped as APISIX shows them.</summary>
internal sealed class ControlApiHandler(IConfigStore store, IHealthView? health, DiscoveryDump? discovery, ILogger log)
{
    private static readonly string[] CheckedKinds = ["routes", "services", "upstreams", "stream_routes"];

    public async Task InvokeAsync(HttpContext context)
    {
        await LeaveIoThread.Now;
        AdminResponse answer;
        try
        {
            answer = await AnswerAsync(context);
        }
        catch (StoreUnavailableException exception)
        {
            answer = AdminResponse.Error(StatusCodes.Status503ServiceUnavailable, exception.Message);
        }
        catch (Exception) when (context.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception exception)
        {
            ControlApiLog.RequestFailed(log, context.Request.Path.Value ?? "", exception);
            answer = AdminResponse.Error(StatusCodes.Status500InternalServerError, "internal error; the log of Headgate says more");
        }

        context.Response.StatusCode = answer.Status;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength = answer.Body.Length;
        await context.Response.Body.WriteAsync(answer.Body, context.RequestAborted);
    }

    private async ValueTask<AdminResponse> AnswerAsync(HttpContext context)
    {
        string[] segments = context.Request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (!HttpMethods.IsGet(context.Request.Method) || segments.Length is < 2 or > 4)
            return NotFound();
        if (segments[1] == "healthcheck")
            return await HealthAsync(segments, HealthHtml.IsAskedFor(context.Request), context.RequestAborted);
        if (segments.Length <= 3 && KindNames.TryParse(segments[1], out ResourceKind kind) && ResourceKinds.UpstreamOwners.Contains(kind))
            return segments.Length == 2 ? await AllAsync(kind, context.RequestAborted) : await OneAsync(kind, segments[2], context.RequestAborted);
        return segments switch
        {
            [_, "schema"] => Schema(),
            [_, "discovery", var type, "dump"] => discovery?.Of(type) ?? NotFound(),
            [_, "plugin_metadatas"] => await MetadataAsync(context.RequestAborted),
            _ => NotFound(),
        };
    }

    /// <summary>No key is asked for on this port: it shows no secret.</summary>
    private static StoreEntry Redacted(ResourceKind kind, StoreEntry entry) => entry with { Value = SecretFields.Redact(kind, entry.Key[kind.Key("").Length..], entry.Value) };

    private static AdminResponse NotFound() => AdminResponse.Error(StatusCodes.Status404NotFound, "not found");

    private static AdminResponse Schema() => AdminResponse.Object(200, 0, static (writer, _) =>
    {
        writer.WriteStartObject("main");
        foreach (string name in SchemaCatalog.Names)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(SchemaCatalog.Find(name)!.Value.Span, skipInputValidation: true);
        }

        writer.WriteEndObject();
        writer.WriteStartObject("plugins");
        writer.WriteEndObject();
        writer.WriteStartObject("stream_plugins");
        writer.WriteEndObject();
    });

    private ValueTask<AdminResponse> AllAsync(ResourceKind kind, CancellationToken cancellationToken) => ArrayAsync(kind, static (writer, entry) =>
    {
        writer.WriteStartObject();
        ObjectReads.WriteMembers(writer, entry);
        writer.WriteEndObject();
    }, cancellationToken);

    /// <summary>The values alone: so APISIX shows them.</summary>
    private ValueTask<AdminResponse> MetadataAsync(CancellationToken cancellationToken) =>
        ArrayAsync(ResourceKind.PluginMetadata, static (writer, entry) => writer.WriteRawValue(entry.Value.Span, skipInputValidation: true), cancellationToken);

    private async ValueTask<AdminResponse> ArrayAsync(ResourceKind kind, Action<Utf8JsonWriter, StoreEntry> write, CancellationToken cancellationToken)
    {
        StoreView view = await store.GetAsync(kind.Key(""), cancellationToken);
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, JsonText.WriterOptions))
        {
            writer.WriteStartArray();
            foreach (StoreEntry entry in view.Entries.Where(StoredJson.IsValid))
                write(writer, Redacted(kind, entry));

            writer.WriteEndArray();
        }

        return AdminResponse.Raw(200, buffer.WrittenMemory);
    }

    private async ValueTask<AdminResponse> OneAsync(ResourceKind kind, string id, CancellationToken cancellationToken)
    {
        StoreEntry? entry = await FindAsync(kind, id, cancellationToken);
        return entry is null ? AdminResponse.Error(StatusCodes.Status404NotFound, $"{kind.Singular()}[{id}] not found")
            : AdminResponse.Object(200, Redacted(kind, entry), static (writer, found) => ObjectReads.WriteMembers(writer, found));
    }

    /// <summary>What is checked comes from the data plane, what merely exists from the store.</summary>
    private async ValueTask<AdminResponse> HealthAsync(string[] segments, bool asHtml, CancellationToken cancellationToken)
    {
        if (segments.Length == 2)
            return asHtml ? HealthHtml.Page(health?.Checked ?? []) : HealthJson.All(health?.Checked ?? []);
        string kindName = segments[2];
        if (segments.Length == 3)
            return AdminResponse.Error(StatusCodes.Status404NotFound, $"missing src id for src type {kindName}");
        if (!CheckedKinds.Contains(kindName))
            return AdminResponse.Error(StatusCodes.Status400BadRequest, $"invalid src type {kindName}");
        string id = segments[3];
        if (health?.Find($"{kindName}/{id}") is { } upstream)
            return asHtml ? HealthHtml.Page([upstream]) : HealthJson.One(upstream);
        bool exists = KindNames.TryParse(kindName, out ResourceKind kind) && await FindAsync(kind, id, cancellationToken) is not null;
        return AdminResponse.Error(StatusCodes.Status404NotFound, exists ? $"no checker for {kindName}[{id}]" : $"{kindName}[{id}] not found");
    }

    private async ValueTask<StoreEntry?> FindAsync(ResourceKind kind, string id, CancellationToken cancellationToken) =>
        ObjectId.IsLegal(id) && await store.FindAsync(kind.Key(id), cancellationToken) is { } entry && StoredJson.IsValid(entry) ? entry : null;
}
