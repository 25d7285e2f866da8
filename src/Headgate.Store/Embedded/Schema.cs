namespace Headgate.Store.Embedded;

/// <summary>The tables of the database. A change here is a new <see cref="Version"/> and a step that brings an older file up to it.</summary>
internal static class Schema
{
    /// <summary><c>PRAGMA user_version</c> of a file that this program writes.</summary>
    public const int Version = 1;

    /// <summary><c>PRAGMA application_id</c>: "HdGt". <c>file(1)</c> and this program tell by it whose database it is.</summary>
    public const int ApplicationId = 0x48644774;

    /// <summary>
    /// Changes of one revision are numbered from revision × this, so that one append-only tree holds them in order and a range of revisions is a range of ids.
    /// Equal to the most operations a commit takes; never to be changed.
    /// </summary>
    public const long ChangesPerRevision = CommitLimits.OperationsMax;

    /// <summary>
    /// Makes the tables. Values come last in their rows: what does not need them then never reads the pages that a long value spills over to.
    /// <c>entries_by_mod</c> answers "was anything below this prefix written after revision N" by looking at what was written since, however many keys there are.
    /// </summary>
    public const string Create = """
        CREATE TABLE meta (name TEXT NOT NULL PRIMARY KEY, value INTEGER NOT NULL);
        INSERT INTO meta (name, value) VALUES ('compacted_revision', 0);

        CREATE TABLE entries (
            key TEXT NOT NULL PRIMARY KEY,
            create_revision INTEGER NOT NULL,
            mod_revision INTEGER NOT NULL,
            expires_at_ms INTEGER,
            value BLOB NOT NULL);
        CREATE INDEX entries_by_mod ON entries (mod_revision, key);
        CREATE INDEX entries_by_expiry ON entries (expires_at_ms) WHERE expires_at_ms IS NOT NULL;

        CREATE TABLE revisions (
            revision INTEGER NOT NULL PRIMARY KEY,
            time_ms INTEGER NOT NULL,
            origin_who TEXT NOT NULL,
            origin_where TEXT NOT NULL,
            origin_why TEXT NOT NULL);

        CREATE TABLE changes (
            id INTEGER NOT NULL PRIMARY KEY,
            key TEXT NOT NULL,
            create_revision INTEGER NOT NULL,
            value_before BLOB,
            value_after BLOB);
        CREATE INDEX changes_by_key ON changes (key);
        """;
}
