using System.Text;

namespace Headgate.Control.Dashboard;

/// <summary>The built dashboard in memory: a page, and what it loads. A new build is seen by the next start.</summary>
public sealed class DashboardFiles
{
    /// <summary>Stands in the page where the nonce of an answer goes.</summary>
    private const string NoncePlace = "__CSP_NONCE__";

    private const string Page = "/index.html";

    private readonly Dictionary<string, DashboardFile> _files = new(StringComparer.Ordinal);
    private readonly string? _page;

    /// <summary>Reads what is in <paramref name="folder"/>; there need not be one.</summary>
    internal DashboardFiles(string folder)
    {
        if (!IsIn(folder))
            return;
        foreach (string path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
        {
            if (DashboardFile.Read(path) is { } file)
                _files["/" + Path.GetRelativePath(folder, path)] = file;
        }

        _page = Encoding.UTF8.GetString(_files[Page].Content);
        _files.Remove(Page);
    }

    /// <summary>Whether a folder has a built dashboard.</summary>
    public static bool IsIn(string folder) => File.Exists(folder + Page);

    /// <summary>Whether there is a dashboard.</summary>
    internal bool IsBuilt => _page is not null;

    /// <summary>The file of a path; null when there is none.</summary>
    internal DashboardFile? Find(string path) => _files.GetValueOrDefault(path);

    /// <summary>The page, for an answer of this nonce. Only when it is built.</summary>
    internal string PageWith(string nonce) => _page!.Replace(NoncePlace, nonce, StringComparison.Ordinal);
}
