namespace Ulm.Server.Snapshots;

/// <summary>Opens files people name on the command line; what the system answers becomes a fault in plain words.</summary>
internal static class DataFile
{
    public static FileStream? Open(string path, FileFaults faults)
    {
        try
        {
            if (Directory.Exists(path)) faults.Add("it is a directory");
            else return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1 << 16);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            faults.Add("there is no such file");
        }
        catch (UnauthorizedAccessException)
        {
            faults.Add("it may not be read by this user");
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            faults.Add($"it can't be opened: {e.Message}");
        }

        return null;
    }

    /// <summary>The whole file, also one whose length is not known before, such as a pipe. Null: too large, or the disk failed.</summary>
    public static byte[]? ReadAll(Stream file, long most, FileFaults faults)
    {
        try
        {
            if (file.CanSeek && file.Length > most)
            {
                faults.Add($"it has more than {most >> 20} MiB");
                return null;
            }

            using var all = new MemoryStream();
            var buffer = new byte[1 << 16];
            for (int read; (read = file.Read(buffer)) > 0;)
            {
                all.Write(buffer, 0, read);
                if (all.Length <= most) continue;
                faults.Add($"it has more than {most >> 20} MiB");
                return null;
            }

            return all.ToArray();
        }
        catch (IOException e)
        {
            faults.Add($"it can't be read: {e.Message}");
            return null;
        }
    }
}
