namespace Headgate.Store.Yaml;

/// <summary>Where a file of configuration is, and how it is read.</summary>
public sealed record YamlSourceOptions
{
    /// <summary>Absolute path of the file.</summary>
    public required string Path { get; init; }

    /// <summary>Whether it is JSON (<c>apisix.json</c>), which needs no mark at its end; else YAML, which ends with <c>#END</c>.</summary>
    public bool IsJson { get; init; }

    /// <summary>The value of an environment variable; null = it is not set.</summary>
    public Func<string, string?> Environment { get; init; } = static _ => null;

    /// <summary>Revision before the first reading: the latest of an earlier process, so that the numbers rise over a restart.</summary>
    public long RevisionBefore { get; init; }
}
