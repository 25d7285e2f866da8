using System.Globalization;
using System.Text;

namespace Headgate.Store.Etcd.History;

/// <summary>
/// Where the history lies in etcd. A transaction does not know its revision before it is applied, so a record's key cannot hold it; etcd tells it afterwards, as the revision that
/// wrote the record. Keys begin with the newest: numbers count down.
/// <list type="bullet">
/// <item><c>…/chapter</c>: its own revision is the number of the chapter that is written to now. Every commit compares it, so that a chapter holds exactly the revisions after its
/// number up to the number of the next, and the whole history can be read in order, chapter by chapter. Its value names the chapters before.</item>
/// <item><c>…/commits/CHAPTER/ID</c>: one record a commit (<see cref="CommitRecord"/>). The id of what another program did begins with @ and its revision.</item>
/// <item><c>…/keys/KEY NUL REVISION</c>: one a change of a key; the value is CHAPTER/ID. REVISION is the one at which the writer read what was there before; changes of one key lie in the
/// right order by it, because a commit is only applied when its keys are as they were read.</item>
/// <item><c>…/position/PREFIX</c>: up to where changes by others are recorded (<see cref="HistoryRecorder"/>).</item>
/// <item><c>…/compacted</c>: up to which revision records were dropped (<see cref="HistoryCompaction"/>); not there = none was.</item>
/// </list>
/// </summary>
internal static class HistoryKeys
{
    public const string Chapter = PrivateKeys.Root + "chapter";
    public const string Compacted = PrivateKeys.Root + "compacted";
    public const string Commits = PrivateKeys.Root + "commits/";
    private const string Keys = PrivateKeys.Root + "keys/";
    private const string Position = PrivateKeys.Root + "position/";

    /// <summary>A number that counts down, 19 digits.</summary>
    public static string Falling(long number) => (long.MaxValue - number).ToString("D19", CultureInfo.InvariantCulture);

    /// <summary>The number of <see cref="Falling"/>.</summary>
    public static long Number(ReadOnlySpan<char> falling) => long.MaxValue - long.Parse(falling, NumberStyles.None, CultureInfo.InvariantCulture);

    /// <summary>Value of a key's entry, and the end of a record's key: <c>CHAPTER/ID</c>.</summary>
    public static string Place(long chapter, string id) => $"{Falling(chapter)}/{id}";

    /// <summary>Key of a record.</summary>
    public static string Record(string place) => Commits + place;

    /// <summary>Id of what another program did to a key: the same whoever records it.</summary>
    public static string ForeignId(long revision, string key) => string.Create(CultureInfo.InvariantCulture, $"@{revision:D19}{key}");

    /// <summary>Revision that a record is about.</summary>
    /// <param name="recordKey">Its key.</param>
    /// <param name="modRevision">Revision that wrote it.</param>
    public static long RevisionOf(string recordKey, long modRevision)
    {
        int id = recordKey.LastIndexOf('/', Commits.Length + 19) + 1;
        return recordKey[id] == '@' ? long.Parse(recordKey.AsSpan(id + 1, 19), NumberStyles.None, CultureInfo.InvariantCulture) : modRevision;
    }

    /// <summary>Chapter of a record.</summary>
    public static long ChapterOf(string recordKey) => Number(recordKey.AsSpan(Commits.Length, 19));

    /// <summary>Key of a change's entry.</summary>
    public static string Entry(string key, long readRevision) => $"{Keys}{key}\0{Falling(readRevision)}";

    /// <summary>Entries of a key's changes, newest first, from the one read at <paramref name="readRevision"/> on, which is not negative.</summary>
    public static KeyRange Entries(string key, long readRevision = long.MaxValue) =>
        KeyRange.Between(Encoding.UTF8.GetBytes(Entry(key, readRevision)), Encoding.UTF8.GetBytes($"{Keys}{key}\u0001"));

    /// <summary>The revision at which a change's entry says that it was read.</summary>
    public static long ReadRevisionOf(string entryKey) => Number(entryKey.AsSpan(entryKey.Length - 19));

    /// <summary>Records of a chapter.</summary>
    public static KeyRange RecordsOf(long chapter) => KeyRange.OfPrefix($"{Commits}{Falling(chapter)}/");

    /// <summary>Records of a chapter and those before it, newest chapter first.</summary>
    public static KeyRange RecordsFrom(long chapter) => KeyRange.Between(KeyRange.OfPrefix($"{Commits}{Falling(chapter)}/").From, KeyRange.OfPrefix(Commits).To);

    /// <summary>Key of a recorder's position.</summary>
    public static string PositionOf(string prefix) => Position + prefix;
}
