using System.Globalization;
using System.Text;
using System.Text.Json;
using Headgate.Control.Access;
using Headgate.Control.AdminApi.Json;
using Headgate.Control.AdminApi.Validation;
using Headgate.Store.Documents;
using Headgate.Store.Standalone;
using Microsoft.AspNetCore.Http;

namespace Headgate.Control.AdminApi.Standalone;

/// <summary>
/// <c>/apisix/admin/configs</c>: a client (ADC, APISIX's ingress controller) gives the configuration as a whole. A digest of its own says whether it changed, a version number a
/// kind which lists are to be taken.
/// </summary>
internal sealed class StandaloneConfigs(ConfigsValidation validation, AdminApiOptions options, TimeProvider time)
{
    private const string DigestName = "X-Digest";
    private const string LastModifiedName = "X-Last-Modified";
    private const int WaitMsMax = 60_000;

    /// <summary>The kinds that have a version number: those that APISIX watches.</summary>
    private static readonly string[] Kinds =
    [
        "consumer_groups", "consumers", "global_rules", "plugin_configs", "plugin_metadata", "plugins", "protos", "routes", "secrets", "services", "ssls", "stream_routes", "upstreams",
    ];

    /// <summary>Whether a member of a body is one of the two marks that reading the configuration gives, and that mean nothing in a body.</summary>
    public static bool IsMark(string name) => name is DigestName or LastModifiedName;

    /// <summary>Answers a request for the whole configuration.</summary>
    public ValueTask<AdminResponse> AnswerAsync(StandaloneStore store, AdminRequest request) => request.Method switch
    {
        "GET" => ValueTask.FromResult(Get(store.Current, request)),
        "HEAD" => ValueTask.FromResult(AdminResponse.Empty(StatusCodes.Status200OK, Marks(store.Current))),
        "PUT" => PutAsync(store, request),
        _ => ValueTask.FromResult(AdminResponse.Error(StatusCodes.Status405MethodNotAllowed, $"not supported `{request.Method}` method for configs; it takes GET, HEAD and PUT")),
    };

    private static (string Name, string Value)[] Marks(StandaloneDocument? current) =>
        current is null ? [] : [(LastModifiedName, current.LastModified.ToString(CultureInfo.InvariantCulture)), (DigestName, current.Digest)];

    private static AdminResponse Get(StandaloneDocument? current, AdminRequest request)
    {
        // Who may not give a configuration sees it without its secrets; the client that gives it compares them.
        bool seesSecrets = new AccessNeed(AccessRole.Owner, AccessScope.Group, request.Address.Group).IsMetBy(request.Caller.Grants);
        ReadOnlyMemory<byte> json = JsonText.Build((current, seesSecrets), static (writer, state) =>
        {
            StandaloneDocument? document = state.current;
            writer.WriteStartObject();
            foreach (string kind in Kinds)
                writer.WriteNumber(kind + ConfigDocument.VersionSuffix, document?.Versions.GetValueOrDefault(kind) ?? 0);
            if (document is not null)
            {
                foreach ((string kind, ReadOnlyMemory<byte> list) in document.Lists)
                {
                    writer.WritePropertyName(kind);
                    writer.WriteRawValue((state.seesSecrets ? list : StandaloneSecrets.Redact(kind, list)).Span, skipInputValidation: true);
                }

                writer.WriteNumber(LastModifiedName, document.LastModified);
                writer.WriteString(DigestName, document.Digest);
            }

            writer.WriteEndObject();
        });
        if (!request.Header("Accept").ToString().StartsWith("application/yaml", StringComparison.OrdinalIgnoreCase))
            return AdminResponse.Body200(json, "application/json", Marks(current));
        using JsonDocument whole = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 128 });
        return AdminResponse.Body200(Encoding.UTF8.GetBytes(JsonYaml.Write(whole.RootElement)), "application/yaml", Marks(current));
    }

    /// <summary>The document that follows on <paramref name="current"/>; or the refusal of a version that goes back.</summary>
    private AdminResponse? Merge(JsonElement body, StandaloneDocument? current, string digest, out StandaloneDocument? next)
    {
        next = null;
        var versions = new Dictionary<string, long>();
        var lists = new Dictionary<string, ReadOnlyMemory<byte>>();
        foreach (string kind in Kinds)
        {
            string name = kind + ConfigDocument.VersionSuffix;
            long before = current?.Versions.GetValueOrDefault(kind) ?? 0;
            long version = before + 1;
            if (body.TryGetProperty(name, out JsonElement given) && !given.TryGetInt64(out version))
                return AdminResponse.Error(StatusCodes.Status400BadRequest, $"{name} must be a whole number");
            if (version < before)
                return AdminResponse.Error(StatusCodes.Status400BadRequest, $"{name} must be greater than or equal to ({before})");
            versions[kind] = version;
            if (version == before && current?.Lists.TryGetValue(kind, out ReadOnlyMemory<byte> kept) == true)
                lists[kind] = kept;
            else if (version != before && body.TryGetProperty(kind, out JsonElement items) && items.ValueKind == JsonValueKind.Array && items.GetArrayLength() > 0)
                lists[kind] = JsonText.Build(items, JsonText.Copy);
        }

        next = new StandaloneDocument { Digest = digest, LastModified = time.GetUtcNow().ToUnixTimeSeconds(), Versions = versions, Lists = lists };
        return null;
    }

    private async ValueTask<AdminResponse> PutAsync(StandaloneStore store, AdminRequest request)
    {
        string digest = request.Header(DigestName).ToString();
        if (digest.Length == 0)
            return AdminResponse.Error(StatusCodes.Status400BadRequest, "missing digest header");
        if (digest.Any(static character => character is < ' ' or > '~'))
            return AdminResponse.Error(StatusCodes.Status400BadRequest, $"{DigestName} may hold visible ASCII only");
        if (ReadWait(request, out int waitMs) is { } wrongWait)
            return wrongWait;
        if (ConfigsValidation.CheckShape(request) is { } noConfiguration)
            return noConfiguration;
        if (store.Current?.Digest == digest)
            return AdminResponse.Empty(StatusCodes.Status204NoContent);
        JsonElement body = request.Body!.Value;
        if (validation.CheckGiven(body) is { } refusal)
            return refusal;

        AdminResponse? decided = null;
        StandaloneDocument? next = null;
        long revision = await store.ReplaceAsync(
            current =>
            {
                // Another client may have given the same in between.
                if (current?.Digest == digest)
                    decided = AdminResponse.Empty(StatusCodes.Status204NoContent);
                else
                    decided = Merge(body, current, digest, out next);
                return next;
            },
            request.Aborted);
        return decided ?? AdminResponse.Empty(await AcceptedAsync(revision, waitMs, request.Aborted), Marks(next));
    }

    /// <summary>202, or 200 when the caller waits and the revision is served in that time.</summary>
    private async ValueTask<int> AcceptedAsync(long revision, int waitMs, CancellationToken cancellationToken)
    {
        if (waitMs == 0 || options.Served is not { } served)
            return StatusCodes.Status202Accepted;
        using var bound = new CancellationTokenSource(TimeSpan.FromMilliseconds(waitMs), time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(bound.Token, cancellationToken);
        try
        {
            await served.WaitForRevisionAsync(revision, both.Token);
            return StatusCodes.Status200OK;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return StatusCodes.Status202Accepted;
        }
    }

    private static AdminResponse? ReadWait(AdminRequest request, out int waitMs)
    {
        waitMs = 0;
        string? given = request.Query["wait"];
        bool isGood = given is null || (int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out waitMs) && waitMs <= WaitMsMax);
        return isGood ? null : AdminResponse.Error(StatusCodes.Status400BadRequest, $"wait must be a whole number of milliseconds from 0 to {WaitMsMax}");
    }
}
