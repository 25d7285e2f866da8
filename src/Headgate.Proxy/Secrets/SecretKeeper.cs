using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Headgate.Core.Config;
using Headgate.Core.Snapshot;
using Microsoft.Extensions.Logging;

namespace Headgate.Proxy.Secrets;

/// <summary>
/// Has the secrets that the configuration names: from the environment, from files, from Vault. They are asked for before the configuration that names them is compiled, and now and then
/// from then on; one that cannot be had any more stays what it was. Used by the thread that compiles snapshots alone.
/// </summary>
public sealed class SecretKeeper : ISecretValues, IDisposable
{
    private readonly Dictionary<string, SecretConfig> _managers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, KeptSecret> _kept = new(StringComparer.Ordinal);
    private readonly VaultClient _vault = new();
    private readonly SecretKeeperOptions _options;
    private readonly SecretFiles _files;
    private readonly TimeProvider _time;
    private readonly ILogger<SecretKeeper> _logger;

    /// <summary>Makes one that knows nothing.</summary>
    public SecretKeeper(SecretKeeperOptions options, TimeProvider time, ILogger<SecretKeeper> logger)
    {
        (_options, _time, _logger) = (options, time, logger);
        _files = new SecretFiles(options.Folders);
    }

    /// <summary>How often <see cref="RefreshAsync"/> should be called.</summary>
    public TimeSpan RefreshInterval => _options.RetryAfter;

    /// <inheritdoc/>
    public bool TryGet(string reference, [NotNullWhen(true)] out string? value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = (null, null);
        if (SecretReference.Parse(reference) is not { } parsed)
            problem = "it is neither $env://NAME nor $secret://MANAGER/ID/path/key";
        else if (parsed.Manager is null)
            value = OfEnvironment(parsed, out problem);
        else if (_kept.TryGetValue(reference, out KeptSecret? kept))
            (value, problem) = (kept.Value, kept.Problem);
        else
            problem = "it was not asked for";
        if (value is null)
            problem ??= "it has no value";
        return value is not null;
    }

    /// <summary>
    /// Takes in changes of the configuration that are about to be compiled, and asks for what they name and is not known yet; waits for the answers, each for its time at most. The
    /// references among those known before whose value is another one now.
    /// </summary>
    public async Task<IReadOnlySet<string>> PrepareAsync(IReadOnlyCollection<ConfigChange> changes, CancellationToken cancellationToken)
    {
        var wanted = new HashSet<string>(StringComparer.Ordinal);
        foreach (ConfigChange change in changes)
        {
            if (change.Kind == ResourceKind.Secret && Learn(change))
                wanted.UnionWith(_kept.Keys.Where(known => SecretReference.Parse(known)?.Manager == change.Id));
            else if (change.Json is { } json)
                wanted.UnionWith(SecretReferences.Find(change.Kind, json).Where(reference => !_kept.ContainsKey(reference)));
        }

        return await AskAsync(wanted, cancellationToken);
    }

    /// <summary>Asks for those of <paramref name="named"/> again that are due, and forgets others that are. The references whose value is another one now.</summary>
    public async Task<IReadOnlySet<string>> RefreshAsync(IEnumerable<string> named, CancellationToken cancellationToken)
    {
        var current = named.ToHashSet(StringComparer.Ordinal);
        foreach (string gone in _kept.Keys.Where(known => !current.Contains(known) && IsDue(known)).ToList())
            _kept.Remove(gone);
        return await AskAsync([.. current.Where(IsDue)], cancellationToken);
    }

    /// <summary>Closes the connections to keepers of secrets.</summary>
    public void Dispose() => _vault.Dispose();

    private bool IsDue(string reference) =>
        !_kept.TryGetValue(reference, out KeptSecret? kept) || _time.GetElapsedTime(kept.AskedAt) >= (kept.Problem is null ? _options.MaxAge : _options.RetryAfter);

    /// <summary>What a manager's object says now; one that cannot be read leaves what was known.</summary>
    private bool Learn(ConfigChange change)
    {
        if (change.Json is not { } json)
            return _managers.Remove(change.Id);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (ConfigParser.ParseSecret(change.Id, document.RootElement, new ConfigErrors()) is not { } config || _managers.GetValueOrDefault(change.Id) == config)
                return false;
            _managers[change.Id] = config;
            return true;
        }
        catch (JsonException)
        {
            return false; // the compiler says so
        }
    }

    private async Task<IReadOnlySet<string>> AskAsync(IReadOnlyCollection<string> references, CancellationToken cancellationToken)
    {
        var changed = new HashSet<string>(StringComparer.Ordinal);
        SecretReference[] asked = [.. references.Select(SecretReference.Parse).OfType<SecretReference>().Where(static reference => reference.Manager is not null)];
        KeptSecret[] answers = await Task.WhenAll(asked.Select(reference => AskAsync(reference, cancellationToken)));
        foreach ((SecretReference reference, KeptSecret answer) in asked.Zip(answers))
        {
            KeptSecret? before = _kept.GetValueOrDefault(reference.Text);
            KeptSecret after = answer.Problem is null ? answer : answer with { Value = before?.Value };
            _kept[reference.Text] = after;
            if (before is not null && before.Value != after.Value)
                changed.Add(reference.Text);
            if (after.Problem is { } problem && before?.Problem is null)
                SecretLog.Unavailable(_logger, reference.Text, problem, after.Value is null ? "nothing that names it is served anew" : "its last value stays in use");
            else if (after.Problem is null && before?.Problem is not null)
                SecretLog.Available(_logger, reference.Text);
        }

        return changed;
    }

    private async Task<KeptSecret> AskAsync(SecretReference reference, CancellationToken cancellationToken)
    {
        try
        {
            return new KeptSecret(await ReadAsync(reference, cancellationToken), null, _time.GetTimestamp());
        }
        catch (SecretUnavailableException e)
        {
            return new KeptSecret(null, e.Message, _time.GetTimestamp());
        }
    }

    private async Task<string> ReadAsync(SecretReference reference, CancellationToken cancellationToken) => _managers.GetValueOrDefault(reference.Manager!) switch
    {
        VaultSecretConfig vault => await _vault.ReadAsync(vault, reference.Path, reference.Member, _options.Timeout, cancellationToken),
        FileSecretConfig file => _files.Read(file, Path.Combine(reference.Path, reference.Member)),
        null => throw new SecretUnavailableException($"there is no object secrets/{reference.Manager}"),
        _ => throw new SecretUnavailableException("secrets are had from vault, file and the environment"),
    };

    private static string? OfEnvironment(SecretReference reference, out string? problem)
    {
        problem = null;
        if (Environment.GetEnvironmentVariable(reference.Path) is not { } value)
        {
            problem = $"there is no environment variable {reference.Path}";
            return null;
        }

        if (reference.Member.Length == 0)
            return value;
        try
        {
            using JsonDocument document = JsonDocument.Parse(value);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(reference.Member, out JsonElement member)
                && member.ValueKind == JsonValueKind.String)
            {
                return member.GetString();
            }
        }
        catch (JsonException)
        {
            // said below: it is no object with that member either way
        }

        problem = $"the environment variable {reference.Path} is no JSON object with a text \"{reference.Member}\"";
        return null;
    }
}
