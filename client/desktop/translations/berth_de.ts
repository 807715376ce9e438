<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>CommandPalette</name>
    <message>
        <source>No text is open.</source>
        <translation>Kein Text ist offen.</translation>
    </message>
    <message>
        <source>This file is shown in pages.</source>
        <translation>Diese Datei wird seitenweise gezeigt.</translation>
    </message>
    <message>
        <source>Not possible now.</source>
        <translation>Jetzt nicht möglich.</translation>
    </message>
</context>
<context>
    <name>EditorFeatures</name>
    <message>
        <source>Write to Disk Now</source>
        <translation>Jetzt auf die Platte schreiben</translation>
    </message>
</context>
<context>
    <name>QFileDialog</name>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>%1 archive (*.%1)</source>
        <translation>%1-Archiv (*.%1)</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Colour theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>Light, dark, of high contrast, or as the system has it.</source>
        <translation>Hell, dunkel, mit hohem Kontrast oder wie im System.</translation>
    </message>
    <message>
        <source>As the system has it</source>
        <translation>Wie im System</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Hell</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Dunkel</translation>
    </message>
    <message>
        <source>High contrast, light</source>
        <translation>Hoher Kontrast, hell</translation>
    </message>
    <message>
        <source>High contrast, dark</source>
        <translation>Hoher Kontrast, dunkel</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>File icons</source>
        <translation>Dateisymbole</translation>
    </message>
    <message>
        <source>The pictures before the names of files and folders.</source>
        <translation>Die Bilder vor den Namen von Dateien und Ordnern.</translation>
    </message>
    <message>
        <source>Breeze</source>
        <translation>Breeze</translation>
    </message>
    <message>
        <source>The system&apos;s</source>
        <translation>Die des Systems</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>px</source>
        <translation>px</translation>
    </message>
    <message>
        <source>Font size</source>
        <translation>Schriftgröße</translation>
    </message>
    <message>
        <source>Of text in the editor.</source>
        <translation>Des Textes im Editor.</translation>
    </message>
    <message>
        <source>Key map</source>
        <translation>Tastenbelegung</translation>
    </message>
    <message>
        <source>How keys edit text: as in VS Code, or with the modes of Vim or the keys of Emacs over it.</source>
        <translation>Wie Tasten den Text bearbeiten: wie in VS Code, oder mit den Modi von Vim oder den Tasten von Emacs darüber.</translation>
    </message>
    <message>
        <source>VS Code</source>
        <translation>VS Code</translation>
    </message>
    <message>
        <source>Vim</source>
        <translation>Vim</translation>
    </message>
    <message>
        <source>Emacs</source>
        <translation>Emacs</translation>
    </message>
    <message>
        <source>columns</source>
        <translation>Spalten</translation>
    </message>
    <message>
        <source>Tab size</source>
        <translation>Tabulatorweite</translation>
    </message>
    <message>
        <source>How wide a step of indentation is where the file itself does not show it.</source>
        <translation>Wie breit ein Einrückungsschritt ist, wenn die Datei es nicht selbst zeigt.</translation>
    </message>
    <message>
        <source>Indent with spaces</source>
        <translation>Mit Leerzeichen einrücken</translation>
    </message>
    <message>
        <source>Where the file itself does not show what it uses.</source>
        <translation>Wenn die Datei nicht selbst zeigt, was sie verwendet.</translation>
    </message>
    <message>
        <source>Detect indentation</source>
        <translation>Einrückung erkennen</translation>
    </message>
    <message>
        <source>Take tab size and spaces from the file.</source>
        <translation>Tabulatorweite und Leerzeichen aus der Datei nehmen.</translation>
    </message>
    <message>
        <source>Long lines</source>
        <translation>Lange Zeilen</translation>
    </message>
    <message>
        <source>Alt+Z changes it.</source>
        <translation>Alt+Z ändert es.</translation>
    </message>
    <message>
        <source>Long lines run on</source>
        <translation>Lange Zeilen laufen weiter</translation>
    </message>
    <message>
        <source>Wrap at the edge</source>
        <translation>Am Rand umbrechen</translation>
    </message>
    <message>
        <source>Minimap</source>
        <translation>Minikarte</translation>
    </message>
    <message>
        <source>The whole file in small at the right edge, where there is room.</source>
        <translation>Die ganze Datei klein am rechten Rand, wenn Platz ist.</translation>
    </message>
    <message>
        <source>Sticky scroll</source>
        <translation>Haftende Kopfzeilen</translation>
    </message>
    <message>
        <source>Keep the beginnings of the blocks you are in at the top.</source>
        <translation>Die Anfänge der Blöcke, in denen Sie sind, bleiben oben stehen.</translation>
    </message>
    <message>
        <source>White space</source>
        <translation>Leerraum</translation>
    </message>
    <message>
        <source>Where blanks and tabs are drawn.</source>
        <translation>Wo Leerzeichen und Tabulatoren gezeichnet werden.</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>In what is selected (in the browser)</source>
        <translation>In der Auswahl (im Browser)</translation>
    </message>
    <message>
        <source>At the ends of lines (in the browser)</source>
        <translation>An Zeilenenden (im Browser)</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Überall</translation>
    </message>
    <message>
        <source>Suggestions</source>
        <translation>Vorschläge</translation>
    </message>
    <message>
        <source>Offer words while typing; Ctrl+Space offers them in any case.</source>
        <translation>Wörter beim Tippen anbieten; Strg+Leertaste bietet sie in jedem Fall an.</translation>
    </message>
    <message>
        <source>Ruler</source>
        <translation>Lineal</translation>
    </message>
    <message>
        <source>A line at this column; 0 for none.</source>
        <translation>Eine Linie an dieser Spalte; 0 für keine.</translation>
    </message>
    <message>
        <source>Cursor</source>
        <translation>Schreibmarke</translation>
    </message>
    <message>
        <source>Its shape in the editor.</source>
        <translation>Ihre Form im Editor.</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>Strich</translation>
    </message>
    <message>
        <source>Block</source>
        <translation>Block</translation>
    </message>
    <message>
        <source>Underline (in the browser)</source>
        <translation>Unterstrich (im Browser)</translation>
    </message>
    <message>
        <source>Of letters in terminals.</source>
        <translation>Der Buchstaben in Terminals.</translation>
    </message>
    <message>
        <source>Its shape in terminals where the program asks for none.</source>
        <translation>Ihre Form in Terminals, wenn das Programm keine verlangt.</translation>
    </message>
    <message>
        <source>Underline</source>
        <translation>Unterstrich</translation>
    </message>
    <message>
        <source>Blinking cursor</source>
        <translation>Blinkende Schreibmarke</translation>
    </message>
    <message>
        <source>In the terminal that has the keys.</source>
        <translation>Im Terminal, das die Tasten hat.</translation>
    </message>
    <message>
        <source>lines</source>
        <translation>Zeilen</translation>
    </message>
    <message>
        <source>Lines above the screen</source>
        <translation>Zeilen über dem Bildschirm</translation>
    </message>
    <message>
        <source>How many a terminal keeps.</source>
        <translation>Wie viele ein Terminal behält.</translation>
    </message>
    <message>
        <source>Show keys ahead</source>
        <translation>Tasten sofort zeigen</translation>
    </message>
    <message>
        <source>Before the workspace has answered; underlined until it has.</source>
        <translation>Bevor der Workspace geantwortet hat; bis dahin unterstrichen.</translation>
    </message>
    <message>
        <source>On slow connections</source>
        <translation>Bei langsamen Verbindungen</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>Immer</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>Benachrichtigungen</translation>
    </message>
    <message>
        <source>When a long command ends in a terminal that nobody looks at.</source>
        <translation>Wenn ein langer Befehl in einem Terminal endet, das niemand ansieht.</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Of what programs print in terminals.</source>
        <translation>Dessen, was Programme in Terminals ausgeben.</translation>
    </message>
    <message>
        <source>Copy what is selected</source>
        <translation>Ausgewähltes kopieren</translation>
    </message>
    <message>
        <source>At once, without a key.</source>
        <translation>Sofort, ohne Taste.</translation>
    </message>
    <message>
        <source>Ask before several lines are pasted</source>
        <translation>Fragen, bevor mehrere Zeilen eingefügt werden</translation>
    </message>
    <message>
        <source>Where the program would run each of them.</source>
        <translation>Wenn das Programm jede davon ausführen würde.</translation>
    </message>
    <message>
        <source>New ports of the workspace</source>
        <translation>Neue Ports des Workspace</translation>
    </message>
    <message>
        <source>Whether they get a number on this machine.</source>
        <translation>Ob sie eine Nummer auf diesem Rechner bekommen.</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>Fragen</translation>
    </message>
    <message>
        <source>Forward them</source>
        <translation>Weiterleiten</translation>
    </message>
    <message>
        <source>Only those that I choose</source>
        <translation>Nur die, die ich wähle</translation>
    </message>
    <message>
        <source>must be true or false</source>
        <translation>muss true oder false sein</translation>
    </message>
    <message>
        <source>must be a whole number from %1 to %2</source>
        <translation>muss eine ganze Zahl von %1 bis %2 sein</translation>
    </message>
    <message>
        <source>must be %1 or %2</source>
        <translation>muss %1 oder %2 sein</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Editor</source>
        <translation>Editor</translation>
    </message>
    <message>
        <source>Terminals</source>
        <translation>Terminals</translation>
    </message>
    <message>
        <source>The text is too long.</source>
        <translation>Der Text ist zu lang.</translation>
    </message>
    <message>
        <source>The settings must stand in { }.</source>
        <translation>Die Einstellungen müssen in { } stehen.</translation>
    </message>
    <message>
        <source>This is not JSON: look at line %1.</source>
        <translation>Das ist kein JSON: sehen Sie in Zeile %1 nach.</translation>
    </message>
    <message>
        <source>This is not JSON.</source>
        <translation>Das ist kein JSON.</translation>
    </message>
    <message>
        <source>has another form</source>
        <translation>hat eine andere Form</translation>
    </message>
    <message>
        <source>is no setting</source>
        <translation>ist keine Einstellung</translation>
    </message>
    <message>
        <source>is no command</source>
        <translation>ist kein Befehl</translation>
    </message>
    <message>
        <source>must be a list of at most four keys</source>
        <translation>muss eine Liste von höchstens vier Tasten sein</translation>
    </message>
    <message>
        <source>%1 names no keys that can be bound</source>
        <translation>%1 benennt keine Tasten, die belegt werden können</translation>
    </message>
    <message>
        <source>Berth Dark</source>
        <translation>Berth dunkel</translation>
    </message>
    <message>
        <source>Berth Light</source>
        <translation>Berth hell</translation>
    </message>
    <message>
        <source>High Contrast Dark</source>
        <translation>Hoher Kontrast, dunkel</translation>
    </message>
    <message>
        <source>High Contrast Light</source>
        <translation>Hoher Kontrast, hell</translation>
    </message>
    <message>
        <source>As the theme has them</source>
        <translation>Wie im Farbschema</translation>
    </message>
    <message>
        <source>Of menus and messages. It counts from the next start on, which brings everything back that is open.</source>
        <translation>Der Menüs und Meldungen. Sie gilt ab dem nächsten Start, der alles wieder öffnet, was offen ist.</translation>
    </message>
    <message>
        <source>Icon beside the clock</source>
        <translation>Symbol neben der Uhr</translation>
    </message>
    <message>
        <source>Where the desktop has a place for it: what is open, what runs, and the way back to it.</source>
        <translation>Wo der Desktop einen Platz dafür hat: was offen ist, was läuft, und der Weg dorthin zurück.</translation>
    </message>
</context>
<context>
    <name>StartWords</name>
    <message>
        <source>Place</source>
        <translation>Platz</translation>
    </message>
    <message>
        <source>Image</source>
        <translation>Abbild</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Runner</source>
        <translation>Runner</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
</context>
<context>
    <name>TerminalProfiles</name>
    <message>
        <source>Red</source>
        <translation>Rot</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>Grün</translation>
    </message>
    <message>
        <source>Yellow</source>
        <translation>Gelb</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>Blau</translation>
    </message>
    <message>
        <source>Magenta</source>
        <translation>Magenta</translation>
    </message>
    <message>
        <source>Cyan</source>
        <translation>Cyan</translation>
    </message>
    <message>
        <source>As the theme has it</source>
        <translation>Wie im Farbschema</translation>
    </message>
    <message>
        <source>Login Shell</source>
        <translation>Login-Shell</translation>
    </message>
</context>
<context>
    <name>WindowKeys</name>
    <message>
        <source>All Commands</source>
        <translation>Alle Befehle</translation>
    </message>
    <message>
        <source>Open a File by Name</source>
        <translation>Eine Datei nach Namen öffnen</translation>
    </message>
    <message>
        <source>Run or Stop</source>
        <translation>Starten oder anhalten</translation>
    </message>
    <message>
        <source>Open the Preview in the Browser</source>
        <translation>Die Vorschau im Browser öffnen</translation>
    </message>
    <message>
        <source>New File</source>
        <translation>Neue Datei</translation>
    </message>
    <message>
        <source>Upload Files</source>
        <translation>Dateien hochladen</translation>
    </message>
    <message>
        <source>Download All</source>
        <translation>Alles herunterladen</translation>
    </message>
    <message>
        <source>New Folder</source>
        <translation>Neuer Ordner</translation>
    </message>
    <message>
        <source>Rename the Chosen File</source>
        <translation>Die gewählte Datei umbenennen</translation>
    </message>
    <message>
        <source>Duplicate the Chosen Files</source>
        <translation>Die gewählten Dateien verdoppeln</translation>
    </message>
    <message>
        <source>Move the Chosen Files to the Trash</source>
        <translation>Die gewählten Dateien in den Papierkorb legen</translation>
    </message>
    <message>
        <source>Take Back What Was Done to Files</source>
        <translation>Zurücknehmen, was mit Dateien geschah</translation>
    </message>
    <message>
        <source>Filter the Files by Name</source>
        <translation>Die Dateien nach Namen filtern</translation>
    </message>
    <message>
        <source>Close All Folders</source>
        <translation>Alle Ordner schließen</translation>
    </message>
    <message>
        <source>Show the Open File in the Tree</source>
        <translation>Die offene Datei im Baum zeigen</translation>
    </message>
    <message>
        <source>Compare Two Chosen Files</source>
        <translation>Zwei gewählte Dateien vergleichen</translation>
    </message>
    <message>
        <source>Compare the Chosen File with the Start</source>
        <translation>Die gewählte Datei mit dem Anfang vergleichen</translation>
    </message>
    <message>
        <source>Go to the History beside the Texts</source>
        <translation>Zum Verlauf neben den Texten</translation>
    </message>
    <message>
        <source>Show or Hide the Side Bar</source>
        <translation>Die Seitenleiste zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Go to the Files</source>
        <translation>Zu den Dateien</translation>
    </message>
    <message>
        <source>Find in All Files</source>
        <translation>In allen Dateien suchen</translation>
    </message>
    <message>
        <source>Replace in All Files</source>
        <translation>In allen Dateien ersetzen</translation>
    </message>
    <message>
        <source>Next Search Result</source>
        <translation>Nächster Treffer</translation>
    </message>
    <message>
        <source>Previous Search Result</source>
        <translation>Voriger Treffer</translation>
    </message>
    <message>
        <source>Go to the People</source>
        <translation>Zu den Personen</translation>
    </message>
    <message>
        <source>Go to the Ports</source>
        <translation>Zu den Ports</translation>
    </message>
    <message>
        <source>Show the History</source>
        <translation>Den Verlauf zeigen</translation>
    </message>
    <message>
        <source>Show the File&apos;s History</source>
        <translation>Den Verlauf der Datei zeigen</translation>
    </message>
    <message>
        <source>Go to the Problems</source>
        <translation>Zu den Problemen</translation>
    </message>
    <message>
        <source>Go to the Output</source>
        <translation>Zur Ausgabe</translation>
    </message>
    <message>
        <source>Next Problem</source>
        <translation>Nächstes Problem</translation>
    </message>
    <message>
        <source>Previous Problem</source>
        <translation>Voriges Problem</translation>
    </message>
    <message>
        <source>Panels as in the Beginning</source>
        <translation>Leisten wie am Anfang</translation>
    </message>
    <message>
        <source>Only the Text</source>
        <translation>Nur der Text</translation>
    </message>
    <message>
        <source>Full Screen</source>
        <translation>Vollbild</translation>
    </message>
    <message>
        <source>Go to the Text</source>
        <translation>Zum Text</translation>
    </message>
    <message>
        <source>Go to the Second Group of Texts</source>
        <translation>Zur zweiten Gruppe von Texten</translation>
    </message>
    <message>
        <source>Go to the Third Group of Texts</source>
        <translation>Zur dritten Gruppe von Texten</translation>
    </message>
    <message>
        <source>Go to the Next Group of Texts</source>
        <translation>Zur nächsten Gruppe von Texten</translation>
    </message>
    <message>
        <source>Go to the Previous Group of Texts</source>
        <translation>Zur vorigen Gruppe von Texten</translation>
    </message>
    <message>
        <source>Split to the Right</source>
        <translation>Nach rechts teilen</translation>
    </message>
    <message>
        <source>Split Downwards</source>
        <translation>Nach unten teilen</translation>
    </message>
    <message>
        <source>Move the Tab to the Next Group</source>
        <translation>Den Reiter in die nächste Gruppe bewegen</translation>
    </message>
    <message>
        <source>Move the Tab to the Previous Group</source>
        <translation>Den Reiter in die vorige Gruppe bewegen</translation>
    </message>
    <message>
        <source>Move the Tab to a New Window</source>
        <translation>Den Reiter in ein neues Fenster bewegen</translation>
    </message>
    <message>
        <source>Groups of Texts as Large as Each Other</source>
        <translation>Gruppen von Texten gleich groß</translation>
    </message>
    <message>
        <source>Show or Hide the Lower Panels</source>
        <translation>Die unteren Leisten zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Go to the Terminal and Back</source>
        <translation>Zum Terminal und zurück</translation>
    </message>
    <message>
        <source>New Terminal</source>
        <translation>Neues Terminal</translation>
    </message>
    <message>
        <source>Next Tab</source>
        <translation>Nächster Reiter</translation>
    </message>
    <message>
        <source>Previous Tab</source>
        <translation>Voriger Reiter</translation>
    </message>
    <message>
        <source>Close Tab</source>
        <translation>Reiter schließen</translation>
    </message>
    <message>
        <source>Close the Other Tabs of the Group</source>
        <translation>Die anderen Reiter der Gruppe schließen</translation>
    </message>
    <message>
        <source>Close All Tabs</source>
        <translation>Alle Reiter schließen</translation>
    </message>
    <message>
        <source>Open the Tab Closed Last</source>
        <translation>Den zuletzt geschlossenen Reiter öffnen</translation>
    </message>
    <message>
        <source>Copy the File&apos;s Path</source>
        <translation>Den Pfad der Datei kopieren</translation>
    </message>
    <message>
        <source>Find in the Text</source>
        <translation>Im Text suchen</translation>
    </message>
    <message>
        <source>Replace in the Text</source>
        <translation>Im Text ersetzen</translation>
    </message>
    <message>
        <source>Find the Next Place</source>
        <translation>Die nächste Stelle suchen</translation>
    </message>
    <message>
        <source>Go to Line</source>
        <translation>Zu einer Zeile</translation>
    </message>
    <message>
        <source>Go to Symbol</source>
        <translation>Zu einem Symbol</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>Ausschneiden</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Select All</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <source>Larger Text in the Editor</source>
        <translation>Größerer Text im Editor</translation>
    </message>
    <message>
        <source>Smaller Text in the Editor</source>
        <translation>Kleinerer Text im Editor</translation>
    </message>
    <message>
        <source>Text in the Editor as Large as Usual</source>
        <translation>Text im Editor so groß wie üblich</translation>
    </message>
    <message>
        <source>Choose Keys</source>
        <translation>Tasten wählen</translation>
    </message>
    <message>
        <source>Theme Like the System</source>
        <translation>Farbschema wie im System</translation>
    </message>
    <message>
        <source>Light Theme</source>
        <translation>Helles Farbschema</translation>
    </message>
    <message>
        <source>Dark Theme</source>
        <translation>Dunkles Farbschema</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Settings as JSON</source>
        <translation>Einstellungen als JSON</translation>
    </message>
    <message>
        <source>Theme of High Contrast, Light</source>
        <translation>Hoher Kontrast, helles Farbschema</translation>
    </message>
    <message>
        <source>Theme of High Contrast, Dark</source>
        <translation>Hoher Kontrast, dunkles Farbschema</translation>
    </message>
    <message>
        <source>Share the Workspace</source>
        <translation>Den Workspace teilen</translation>
    </message>
    <message>
        <source>All Workspaces</source>
        <translation>Alle Workspaces</translation>
    </message>
    <message>
        <source>Close the Window</source>
        <translation>Das Fenster schließen</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>Terminal: Split to the Right</source>
        <translation>Terminal: nach rechts teilen</translation>
    </message>
    <message>
        <source>Terminal: Split Downwards</source>
        <translation>Terminal: nach unten teilen</translation>
    </message>
    <message>
        <source>Terminal: Into a Tab of Its Own</source>
        <translation>Terminal: in einen eigenen Reiter</translation>
    </message>
    <message>
        <source>Terminal: Next One of the Tab</source>
        <translation>Terminal: nächstes des Reiters</translation>
    </message>
    <message>
        <source>Terminal: Previous One of the Tab</source>
        <translation>Terminal: voriges des Reiters</translation>
    </message>
    <message>
        <source>Terminal: Next Tab</source>
        <translation>Terminal: nächster Reiter</translation>
    </message>
    <message>
        <source>Terminal: Previous Tab</source>
        <translation>Terminal: voriger Reiter</translation>
    </message>
    <message>
        <source>Terminal: New One with a Profile</source>
        <translation>Terminal: neues mit einem Profil</translation>
    </message>
    <message>
        <source>Terminal: Profiles</source>
        <translation>Terminal: Profile</translation>
    </message>
    <message>
        <source>Terminal: Find</source>
        <translation>Terminal: suchen</translation>
    </message>
    <message>
        <source>Terminal: Open a Link</source>
        <translation>Terminal: einen Link öffnen</translation>
    </message>
    <message>
        <source>Terminal: Name It</source>
        <translation>Terminal: benennen</translation>
    </message>
    <message>
        <source>Terminal: End and Close</source>
        <translation>Terminal: beenden und schließen</translation>
    </message>
    <message>
        <source>Terminal: Previous Prompt</source>
        <translation>Terminal: voriger Prompt</translation>
    </message>
    <message>
        <source>Terminal: Next Prompt</source>
        <translation>Terminal: nächster Prompt</translation>
    </message>
    <message>
        <source>Terminal: Scroll to the End</source>
        <translation>Terminal: ans Ende rollen</translation>
    </message>
    <message>
        <source>Terminal: Larger Text</source>
        <translation>Terminal: größerer Text</translation>
    </message>
    <message>
        <source>Terminal: Smaller Text</source>
        <translation>Terminal: kleinerer Text</translation>
    </message>
    <message>
        <source>Terminal: Text as Large as Usual</source>
        <translation>Terminal: Text so groß wie üblich</translation>
    </message>
    <message>
        <source>Ports: Forward a Port</source>
        <translation>Ports: einen Port weiterleiten</translation>
    </message>
    <message>
        <source>Open Recent</source>
        <translation>Zuletzt geöffnete</translation>
    </message>
    <message>
        <source>Workspaces of This Machine</source>
        <translation>Workspaces dieses Rechners</translation>
    </message>
    <message>
        <source>Other Servers</source>
        <translation>Andere Server</translation>
    </message>
    <message>
        <source>All Keys on One Page</source>
        <translation>Alle Tasten auf einer Seite</translation>
    </message>
    <message>
        <source>About Berth</source>
        <translation>Über Berth</translation>
    </message>
</context>
<context>
    <name>berth</name>
    <message>
        <source>That did not work.</source>
        <translation>Das hat nicht geklappt.</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>Eigentümer</translation>
    </message>
    <message>
        <source>May edit</source>
        <translation>Darf bearbeiten</translation>
    </message>
    <message>
        <source>May look</source>
        <translation>Darf ansehen</translation>
    </message>
    <message>
        <source>yours</source>
        <translation>Ihrer</translation>
    </message>
    <message>
        <source>you may edit</source>
        <translation>Sie dürfen bearbeiten</translation>
    </message>
    <message>
        <source>you may look</source>
        <translation>Sie dürfen ansehen</translation>
    </message>
    <message>
        <source>Everything, also sharing and deleting it.</source>
        <translation>Alles, auch teilen und löschen.</translation>
    </message>
    <message>
        <source>Changes files, uses terminals, starts and stops it.</source>
        <translation>Ändert Dateien, verwendet Terminals, startet und hält an.</translation>
    </message>
    <message>
        <source>Sees files, terminals and shared previews; changes nothing.</source>
        <translation>Sieht Dateien, Terminals und geteilte Vorschauen; ändert nichts.</translation>
    </message>
    <message>
        <source>No temporary file can be made to pack the folder in.</source>
        <translation>Es lässt sich keine temporäre Datei anlegen, um den Ordner zu packen.</translation>
    </message>
    <message>
        <source>The folder can&apos;t be packed: the disk with the temporary files may be full.</source>
        <translation>Der Ordner lässt sich nicht packen: die Platte mit den temporären Dateien ist vielleicht voll.</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>gerade eben</translation>
    </message>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation>
            <numerusform>vor %n min</numerusform>
            <numerusform>vor %n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation>
            <numerusform>vor %n h</numerusform>
            <numerusform>vor %n h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n d ago</source>
        <translation>
            <numerusform>vor %n T</numerusform>
            <numerusform>vor %n T</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>berth::client::Document</name>
    <message>
        <source>You may look at this workspace, not change it.</source>
        <translation>Sie dürfen diesen Workspace ansehen, nicht ändern.</translation>
    </message>
    <message>
        <source>This file is too large to be edited here.</source>
        <translation>Diese Datei ist zu groß, um hier bearbeitet zu werden.</translation>
    </message>
    <message>
        <source>This file is in an encoding that can&apos;t be edited; convert it to UTF-8 to change it.</source>
        <translation>Diese Datei hat eine Zeichenkodierung, die sich nicht bearbeiten lässt; wandeln Sie sie nach UTF-8 um, um sie zu ändern.</translation>
    </message>
    <message>
        <source>This file mixes line endings; choose one to change it.</source>
        <translation>Diese Datei mischt Zeilenenden; wählen Sie eines, um sie zu ändern.</translation>
    </message>
    <message>
        <source>The file&apos;s permissions don&apos;t allow changes.</source>
        <translation>Die Rechte der Datei erlauben keine Änderungen.</translation>
    </message>
    <message>
        <source>This file lies outside your home.</source>
        <translation>Diese Datei liegt außerhalb Ihres Home-Ordners.</translation>
    </message>
</context>
<context>
    <name>berth::client::Download</name>
    <message>
        <source>%1 can&apos;t be written: %2</source>
        <translation>%1 lässt sich nicht schreiben: %2</translation>
    </message>
    <message>
        <source>The file did not arrive whole.</source>
        <translation>Die Datei kam nicht ganz an.</translation>
    </message>
</context>
<context>
    <name>berth::client::FileTree</name>
    <message>
        <source>“%1” can&apos;t be a name.</source>
        <translation>„%1“ kann kein Name sein.</translation>
    </message>
</context>
<context>
    <name>berth::client::FolderArchive</name>
    <message>
        <source>No temporary file can be made: %1</source>
        <translation>Es lässt sich keine temporäre Datei anlegen: %1</translation>
    </message>
</context>
<context>
    <name>berth::client::LocalCopy</name>
    <message>
        <source>No folder can be made: %1</source>
        <translation>Es lässt sich kein Ordner anlegen: %1</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>%1 can&apos;t be made.</source>
        <translation>%1 lässt sich nicht anlegen.</translation>
    </message>
    <message>
        <source>That is too much to drag; download it as an archive.</source>
        <translation>Das ist zu viel zum Ziehen; laden Sie es als Archiv herunter.</translation>
    </message>
    <message>
        <source>%1 can&apos;t be written: %2</source>
        <translation>%1 lässt sich nicht schreiben: %2</translation>
    </message>
</context>
<context>
    <name>berth::client::LoopbackReceiver</name>
    <message>
        <source>Nothing is here</source>
        <translation>Hier ist nichts</translation>
    </message>
    <message>
        <source>Berth does not understand that.</source>
        <translation>Berth versteht das nicht.</translation>
    </message>
    <message>
        <source>Berth waits for a sign-in elsewhere.</source>
        <translation>Berth wartet anderswo auf eine Anmeldung.</translation>
    </message>
    <message>
        <source>That is not the answer</source>
        <translation>Das ist nicht die Antwort</translation>
    </message>
    <message>
        <source>Berth waits for the answer to another sign-in. Begin again in Berth.</source>
        <translation>Berth wartet auf die Antwort einer anderen Anmeldung. Beginnen Sie in Berth von vorn.</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Nicht angemeldet</translation>
    </message>
    <message>
        <source>Berth was not allowed in. You may close this window.</source>
        <translation>Berth wurde nicht eingelassen. Sie können dieses Fenster schließen.</translation>
    </message>
    <message>
        <source>Back to Berth</source>
        <translation>Zurück zu Berth</translation>
    </message>
    <message>
        <source>Berth signs you in. You may close this window.</source>
        <translation>Berth meldet Sie an. Sie können dieses Fenster schließen.</translation>
    </message>
</context>
<context>
    <name>berth::client::OutputLog</name>
    <message>
        <source>Connection</source>
        <translation>Verbindung</translation>
    </message>
    <message>
        <source>Uploads and Downloads</source>
        <translation>Übertragungen</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Import</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>Ports</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>Workspace</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Verbinden …</translation>
    </message>
    <message>
        <source>Lost: %1</source>
        <translation>Verloren: %1</translation>
    </message>
    <message>
        <source>The workspace does not run.</source>
        <translation>Der Workspace läuft nicht.</translation>
    </message>
    <message>
        <source>Ended: %1</source>
        <translation>Beendet: %1</translation>
    </message>
    <message>
        <source>Connected again; terminals and texts go on.</source>
        <translation>Wieder verbunden; Terminals und Texte gehen weiter.</translation>
    </message>
    <message>
        <source>Connected; a new session.</source>
        <translation>Verbunden; eine neue Sitzung.</translation>
    </message>
    <message>
        <source>The server did not accept the sign-in.</source>
        <translation>Der Server hat die Anmeldung nicht angenommen.</translation>
    </message>
    <message>
        <source>all files</source>
        <translation>alle Dateien</translation>
    </message>
    <message>
        <source>Upload of %1 waits.</source>
        <translation>Hochladen von %1 wartet.</translation>
    </message>
    <message>
        <source>Download of %1 waits.</source>
        <translation>Herunterladen von %1 wartet.</translation>
    </message>
    <message>
        <source>Upload of %1 begins.</source>
        <translation>Hochladen von %1 beginnt.</translation>
    </message>
    <message>
        <source>Download of %1 begins.</source>
        <translation>Herunterladen von %1 beginnt.</translation>
    </message>
    <message>
        <source>Uploaded %1 (%2).</source>
        <translation>%1 hochgeladen (%2).</translation>
    </message>
    <message>
        <source>Downloaded %1 (%2).</source>
        <translation>%1 heruntergeladen (%2).</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Everything has come.</source>
        <translation>Alles ist angekommen.</translation>
    </message>
    <message>
        <source>Something listens on port %1.</source>
        <translation>Etwas lauscht an Port %1.</translation>
    </message>
    <message>
        <source>Port %1 is at 127.0.0.1:%2 of this machine.</source>
        <translation>Port %1 ist unter 127.0.0.1:%2 dieses Rechners.</translation>
    </message>
    <message>
        <source>Port %1 is forwarded no more.</source>
        <translation>Port %1 wird nicht mehr weitergeleitet.</translation>
    </message>
</context>
<context>
    <name>berth::client::Ports</name>
    <message>
        <source>Listens on %1</source>
        <translation>Lauscht an %1</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>unbekannt</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>Port</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programm</translation>
    </message>
    <message>
        <source>On this machine</source>
        <translation>Auf diesem Rechner</translation>
    </message>
</context>
<context>
    <name>berth::client::Presence</name>
    <message>
        <source>%1 (you)</source>
        <translation>%1 (Sie)</translation>
    </message>
    <message>
        <source>%1 (you, another window)</source>
        <translation>%1 (Sie, ein anderes Fenster)</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1 (%2)</translation>
    </message>
</context>
<context>
    <name>berth::client::RestDownload</name>
    <message>
        <source>%1 can&apos;t be written: %2</source>
        <translation>%1 lässt sich nicht schreiben: %2</translation>
    </message>
    <message>
        <source>The connection was lost before everything had come. Try again.</source>
        <translation>Die Verbindung ging verloren, bevor alles da war. Versuchen Sie es noch einmal.</translation>
    </message>
</context>
<context>
    <name>berth::client::Search</name>
    <message>
        <source>There is no connection to the workspace.</source>
        <translation>Es besteht keine Verbindung zum Workspace.</translation>
    </message>
    <message>
        <source>The search was stopped.</source>
        <translation>Die Suche wurde angehalten.</translation>
    </message>
    <message>
        <source>The connection was lost before everything was looked through.</source>
        <translation>Die Verbindung ging verloren, bevor alles durchsucht war.</translation>
    </message>
</context>
<context>
    <name>berth::client::SearchResults</name>
    <message>
        <source>Line %1: %2</source>
        <translation>Zeile %1: %2</translation>
    </message>
    <message>
        <source>%1, 1 match</source>
        <translation>%1, 1 Treffer</translation>
    </message>
    <message numerus="yes">
        <source>%1, %n matches</source>
        <translation>
            <numerusform>%1, %n Treffer</numerusform>
            <numerusform>%1, %n Treffer</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>berth::client::SecretStore</name>
    <message>
        <source>The sign-in could not be kept in %1: %2</source>
        <translation>Die Anmeldung ließ sich nicht in %1 aufbewahren: %2</translation>
    </message>
</context>
<context>
    <name>berth::client::Terminal</name>
    <message>
        <source>The terminal&apos;s output arrived out of order; it is being attached again.</source>
        <translation>Die Ausgabe des Terminals kam durcheinander an; es wird neu verbunden.</translation>
    </message>
</context>
<context>
    <name>berth::client::ThisMachine</name>
    <message>
        <source>Starting…</source>
        <translation>Startet …</translation>
    </message>
    <message>
        <source>The server of this machine does not answer. Its log is %1.</source>
        <translation>Der Server dieses Rechners antwortet nicht. Sein Protokoll ist %1.</translation>
    </message>
    <message>
        <source>Another program uses the workspaces of this machine (%1).</source>
        <translation>Ein anderes Programm verwendet die Workspaces dieses Rechners (%1).</translation>
    </message>
    <message>
        <source>Waiting until the workspaces of the last time are stored and stopped…</source>
        <translation>Wartet, bis die Workspaces vom letzten Mal gespeichert und angehalten sind …</translation>
    </message>
    <message>
        <source>The program berthd, which runs workspaces on this machine, is not installed. It comes with the package berth-server.</source>
        <translation>Das Programm berthd, das Workspaces auf diesem Rechner betreibt, ist nicht installiert. Es kommt mit dem Paket berth-server.</translation>
    </message>
    <message>
        <source>The key in %1 does not fit the workspaces in %2. Put the right one back, or give it a new password by `berthd admin accounts reset`.</source>
        <translation>Der Schlüssel in %1 passt nicht zu den Workspaces in %2. Legen Sie den richtigen zurück, oder geben Sie ihm mit `berthd admin accounts reset` ein neues Passwort.</translation>
    </message>
    <message>
        <source>It ended unexpectedly and starts again…</source>
        <translation>Er endete unerwartet und startet neu …</translation>
    </message>
    <message>
        <source>The server of this machine ended. Its log is %1.</source>
        <translation>Der Server dieses Rechners ist beendet. Sein Protokoll ist %1.</translation>
    </message>
</context>
<context>
    <name>berth::client::Transfer</name>
    <message>
        <source>Cancelled.</source>
        <translation>Abgebrochen.</translation>
    </message>
    <message>
        <source>The workspace could not go on with this file.</source>
        <translation>Der Workspace konnte mit dieser Datei nicht weitermachen.</translation>
    </message>
    <message>
        <source>The connection was lost; the file was left as it was. Try again.</source>
        <translation>Die Verbindung ging verloren; die Datei blieb, wie sie war. Versuchen Sie es noch einmal.</translation>
    </message>
</context>
<context>
    <name>berth::client::Transfers</name>
    <message>
        <source>The folder holds more than %1 files; upload it as an archive.</source>
        <translation>Der Ordner enthält mehr als %1 Dateien; laden Sie ihn als Archiv hoch.</translation>
    </message>
</context>
<context>
    <name>berth::client::Upload</name>
    <message>
        <source>%1 can&apos;t be read: %2</source>
        <translation>%1 lässt sich nicht lesen: %2</translation>
    </message>
</context>
<context>
    <name>berth::client::Workspace</name>
    <message>
        <source>It was not stopped. Try again.</source>
        <translation>Er wurde nicht angehalten. Versuchen Sie es noch einmal.</translation>
    </message>
</context>
<context>
    <name>berth::client::WorkspaceConnection</name>
    <message>
        <source>The workspace does not answer.</source>
        <translation>Der Workspace antwortet nicht.</translation>
    </message>
    <message>
        <source>The connection was lost.</source>
        <translation>Die Verbindung ging verloren.</translation>
    </message>
    <message>
        <source>The server can&apos;t be reached (%1).</source>
        <translation>Der Server ist nicht erreichbar (%1).</translation>
    </message>
    <message>
        <source>The workspace speaks version %1 of the protocol; this program speaks %2. Update the older one.</source>
        <translation>Der Workspace spricht Version %1 des Protokolls; dieses Programm spricht %2. Aktualisieren Sie das ältere.</translation>
    </message>
    <message>
        <source>The workspace sent a message that can&apos;t be read.</source>
        <translation>Der Workspace schickte eine Nachricht, die sich nicht lesen lässt.</translation>
    </message>
    <message>
        <source>The workspace sent an answer that can&apos;t be read.</source>
        <translation>Der Workspace schickte eine Antwort, die sich nicht lesen lässt.</translation>
    </message>
    <message>
        <source>The workspace sent a frame that can&apos;t be read.</source>
        <translation>Der Workspace schickte einen Rahmen, der sich nicht lesen lässt.</translation>
    </message>
</context>
<context>
    <name>berth::client::WorkspaceCreation</name>
    <message>
        <source>An archive is a .zip, .tar, .tar.gz, .tar.xz or .tar.zst file.</source>
        <translation>Ein Archiv ist eine Datei .zip, .tar, .tar.gz, .tar.xz oder .tar.zst.</translation>
    </message>
    <message>
        <source>There is no file %1.</source>
        <translation>Es gibt keine Datei %1.</translation>
    </message>
    <message>
        <source>%1 can&apos;t be read: %2</source>
        <translation>%1 lässt sich nicht lesen: %2</translation>
    </message>
    <message>
        <source>%1 is empty.</source>
        <translation>%1 ist leer.</translation>
    </message>
    <message>
        <source>There is no folder %1.</source>
        <translation>Es gibt keinen Ordner %1.</translation>
    </message>
    <message>
        <source>This needs up to %1 of your storage, which has %2 left. Delete a workspace that you no longer need, or ask the administrator for more.</source>
        <translation>Das braucht bis zu %1 Ihres Speichers, von dem noch %2 frei sind. Löschen Sie einen Workspace, den Sie nicht mehr brauchen, oder bitten Sie die Verwaltung um mehr.</translation>
    </message>
    <message>
        <source>The repository&apos;s URL </source>
        <translation>Die URL des Repositorys </translation>
    </message>
</context>
<context>
    <name>berth::desktop::AboutDialog</name>
    <message>
        <source>Version</source>
        <translation>Version</translation>
    </message>
    <message>
        <source>Protocol</source>
        <translation>Protokoll</translation>
    </message>
    <message>
        <source>%1, built with %2</source>
        <translation>%1, gebaut mit %2</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>System</source>
        <translation>System</translation>
    </message>
    <message>
        <source>Kernel</source>
        <translation>Kernel</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>Prozessor</translation>
    </message>
    <message>
        <source>About Berth</source>
        <translation>Über Berth</translation>
    </message>
    <message>
        <source>Libraries</source>
        <translation>Bibliotheken</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>Lizenz</translation>
    </message>
    <message>
        <source>Copy the Versions</source>
        <translation>Versionen kopieren</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Edit, run and preview in workspaces that never lose what you typed.</source>
        <translation>Schreiben, ausführen und ansehen in Arbeitsbereichen, die nichts verlieren, was Sie getippt haben.</translation>
    </message>
    <message>
        <source>Free software under the GNU General Public License, version 3 or later. It comes without any warranty, as far as the law permits.</source>
        <translation>Freie Software unter der GNU General Public License, Version 3 oder später. Ohne jede Gewährleistung, soweit das Gesetz es zulässt.</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>Bibliothek</translation>
    </message>
</context>
<context>
    <name>berth::desktop::ActivityBar</name>
    <message>
        <source>Panels</source>
        <translation>Leisten</translation>
    </message>
</context>
<context>
    <name>berth::desktop::Application</name>
    <message>
        <source>You were signed out before your last changes reached the workspace. They are kept in:</source>
        <translation>Sie wurden abgemeldet, bevor Ihre letzten Änderungen den Workspace erreichten. Sie sind aufbewahrt in:</translation>
    </message>
    <message>
        <source>What you typed for a workspace that does not exist any more is kept in:</source>
        <translation>Was Sie für einen Workspace getippt haben, den es nicht mehr gibt, ist aufbewahrt in:</translation>
    </message>
    <message>
        <source>You are signed out of %1.</source>
        <translation>Sie sind bei %1 abgemeldet.</translation>
    </message>
    <message>
        <source>Berth edits files in workspaces, and there is none of the folder %1 that %2 lies in.</source>
        <translation>Berth bearbeitet Dateien in Workspaces, und es gibt keinen vom Ordner %1, in dem %2 liegt.</translation>
    </message>
    <message>
        <source>Make One of This Folder</source>
        <translation>Einen aus diesem Ordner machen</translation>
    </message>
    <message>
        <source>Berth ended unexpectedly several times while it opened the windows of the last time.</source>
        <translation>Berth endete mehrmals unerwartet, während es die Fenster vom letzten Mal öffnete.</translation>
    </message>
    <message>
        <source>Open Them</source>
        <translation>Öffnen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::Bookmarks</name>
    <message>
        <source>Toggle Bookmark</source>
        <translation>Lesezeichen setzen oder entfernen</translation>
    </message>
    <message>
        <source>Next Bookmark</source>
        <translation>Nächstes Lesezeichen</translation>
    </message>
    <message>
        <source>Previous Bookmark</source>
        <translation>Voriges Lesezeichen</translation>
    </message>
    <message>
        <source>Take All Bookmarks Away</source>
        <translation>Alle Lesezeichen entfernen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::BracketJump</name>
    <message>
        <source>Go to the Matching Bracket</source>
        <translation>Zur zugehörigen Klammer</translation>
    </message>
</context>
<context>
    <name>berth::desktop::ChangeBars</name>
    <message>
        <source>Next Change</source>
        <translation>Nächste Änderung</translation>
    </message>
    <message>
        <source>Previous Change</source>
        <translation>Vorige Änderung</translation>
    </message>
</context>
<context>
    <name>berth::desktop::CodeEditor</name>
    <message>
        <source>Editor for %1</source>
        <translation>Editor für %1</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>Ausschneiden</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Select All</source>
        <translation>Alles auswählen</translation>
    </message>
    <message>
        <source>Print</source>
        <translation>Drucken</translation>
    </message>
    <message>
        <source>This text is too long to be printed.</source>
        <translation>Dieser Text ist zu lang zum Drucken.</translation>
    </message>
    <message>
        <source>Page %1 of %2</source>
        <translation>Seite %1 von %2</translation>
    </message>
    <message>
        <source>Write as PDF</source>
        <translation>Als PDF schreiben</translation>
    </message>
    <message>
        <source>PDF (*.pdf)</source>
        <translation>PDF (*.pdf)</translation>
    </message>
    <message>
        <source>%1 can&apos;t be written.</source>
        <translation>%1 lässt sich nicht schreiben.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::CodeFolding</name>
    <message>
        <source>Fold</source>
        <translation>Zuklappen</translation>
    </message>
    <message>
        <source>Unfold</source>
        <translation>Aufklappen</translation>
    </message>
    <message>
        <source>Fold or Unfold</source>
        <translation>Zu- oder aufklappen</translation>
    </message>
    <message>
        <source>Fold with All Below</source>
        <translation>Mit allem darunter zuklappen</translation>
    </message>
    <message>
        <source>Unfold with All Below</source>
        <translation>Mit allem darunter aufklappen</translation>
    </message>
    <message>
        <source>Fold All</source>
        <translation>Alles zuklappen</translation>
    </message>
    <message>
        <source>Unfold All</source>
        <translation>Alles aufklappen</translation>
    </message>
    <message>
        <source>Fold All Block Comments</source>
        <translation>Alle Blockkommentare zuklappen</translation>
    </message>
    <message>
        <source>Fold Level %1</source>
        <translation>Ebene %1 zuklappen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::CommandLine</name>
    <message>
        <source>%1 is neither a folder nor a file that Berth could open.</source>
        <translation>%1 ist weder ein Ordner noch eine Datei, die Berth öffnen könnte.</translation>
    </message>
    <message>
        <source>There is no %1.</source>
        <translation>Es gibt kein %1.</translation>
    </message>
    <message>
        <source>The desktop IDE of Berth.</source>
        <translation>Die Desktop-IDE von Berth.</translation>
    </message>
    <message>
        <source>The server&apos;s address, a set-up link, or a link to a workspace.</source>
        <translation>Die Adresse des Servers, ein Einrichtungslink oder ein Link zu einem Workspace.</translation>
    </message>
    <message>
        <source>The workspace to open.</source>
        <translation>Der zu öffnende Workspace.</translation>
    </message>
    <message>
        <source>system, light or dark.</source>
        <translation>system, light oder dark.</translation>
    </message>
    <message>
        <source>Workspaces on this machine, without a server.</source>
        <translation>Workspaces auf diesem Rechner, ohne Server.</translation>
    </message>
    <message>
        <source>The workspace that was open last.</source>
        <translation>Der zuletzt geöffnete Workspace.</translation>
    </message>
    <message>
        <source>The list of workspaces.</source>
        <translation>Die Liste der Workspaces.</translation>
    </message>
    <message>
        <source>A folder of this machine, of which a workspace is made; a file in such a folder; or what --server takes.</source>
        <translation>Ein Ordner dieses Rechners, aus dem ein Workspace wird; eine Datei in so einem Ordner; oder was --server nimmt.</translation>
    </message>
    <message>
        <source>One folder, file or address at a time.</source>
        <translation>Ein Ordner, eine Datei oder eine Adresse auf einmal.</translation>
    </message>
    <message>
        <source>--theme takes system, light or dark.</source>
        <translation>--theme nimmt system, light oder dark.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::CommandPalette</name>
    <message>
        <source>Name of a command</source>
        <translation>Name eines Befehls</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Befehle</translation>
    </message>
    <message>
        <source>No command has such a name.</source>
        <translation>Kein Befehl heißt so.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::CommentToggle</name>
    <message>
        <source>Toggle Line Comment</source>
        <translation>Zeilenkommentar umschalten</translation>
    </message>
    <message>
        <source>Toggle Block Comment</source>
        <translation>Blockkommentar umschalten</translation>
    </message>
</context>
<context>
    <name>berth::desktop::ComparisonView</name>
    <message>
        <source>more than %1</source>
        <translation>mehr als %1</translation>
    </message>
    <message>
        <source>With Before</source>
        <translation>Mit vorher</translation>
    </message>
    <message>
        <source>Compare with the version before</source>
        <translation>Mit der Version davor vergleichen</translation>
    </message>
    <message>
        <source>With Now</source>
        <translation>Mit jetzt</translation>
    </message>
    <message>
        <source>Compare with what is there now</source>
        <translation>Mit dem vergleichen, was jetzt da ist</translation>
    </message>
    <message>
        <source>Download this file as it is in this version</source>
        <translation>Diese Datei herunterladen, wie sie in dieser Version ist</translation>
    </message>
    <message>
        <source>Download this file</source>
        <translation>Diese Datei herunterladen</translation>
    </message>
    <message>
        <source>Restore This File</source>
        <translation>Diese Datei wiederherstellen</translation>
    </message>
    <message>
        <source>Change before</source>
        <translation>Änderung davor</translation>
    </message>
    <message>
        <source>Next change</source>
        <translation>Nächste Änderung</translation>
    </message>
    <message>
        <source>%1 in this version, %2 now</source>
        <translation>%1 in dieser Version, %2 jetzt</translation>
    </message>
    <message>
        <source>%1 before, %2 in this version</source>
        <translation>%1 davor, %2 in dieser Version</translation>
    </message>
    <message>
        <source>This is no text: %1. Download it to look into it.</source>
        <translation>Das ist kein Text: %1. Laden Sie es herunter, um hineinzusehen.</translation>
    </message>
    <message>
        <source>Too large to compare here: %1. Texts of up to %2 are compared; download it to look into it.</source>
        <translation>Zu groß, um hier verglichen zu werden: %1. Texte bis %2 werden verglichen; laden Sie es herunter, um hineinzusehen.</translation>
    </message>
    <message>
        <source>This version</source>
        <translation>Diese Version</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Davor</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Choose a file to see what changed in it.</source>
        <translation>Wählen Sie eine Datei, um zu sehen, was sich darin geändert hat.</translation>
    </message>
    <message>
        <source>Nothing differs.</source>
        <translation>Nichts unterscheidet sich.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::ConnectPage</name>
    <message>
        <source>Connecting…</source>
        <translation>Verbinden …</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Weiter</translation>
    </message>
    <message>
        <source>This server has no administrator yet. Paste the set-up link that berthd printed when it first started.</source>
        <translation>Dieser Server hat noch keine Verwaltung. Fügen Sie den Einrichtungslink ein, den berthd beim ersten Start ausgab.</translation>
    </message>
    <message>
        <source>Type the code.</source>
        <translation>Tippen Sie den Code.</translation>
    </message>
    <message>
        <source>Type your e-mail and password.</source>
        <translation>Tippen Sie E-Mail und Passwort.</translation>
    </message>
    <message>
        <source>Choose a password of at least 10 characters.</source>
        <translation>Wählen Sie ein Passwort mit mindestens 10 Zeichen.</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>Einen Moment …</translation>
    </message>
    <message>
        <source>That code is not right, or was used already. Wait until the app shows the next one.</source>
        <translation>Dieser Code stimmt nicht oder wurde schon verwendet. Warten Sie, bis die App den nächsten zeigt.</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>Anmelden …</translation>
    </message>
    <message>
        <source>No browser could be opened. Copy the page&apos;s address into one on this machine.</source>
        <translation>Es ließ sich kein Browser öffnen. Kopieren Sie die Adresse der Seite in einen auf diesem Rechner.</translation>
    </message>
    <message>
        <source>Type your e-mail address.</source>
        <translation>Tippen Sie Ihre E-Mail-Adresse.</translation>
    </message>
    <message>
        <source>Try Again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>This system has no keychain: your sign-in is kept in %1, which only you can read.</source>
        <translation>Dieses System hat keinen Schlüsselbund: Ihre Anmeldung liegt in %1, was nur Sie lesen können.</translation>
    </message>
    <message>
        <source>This Machine</source>
        <translation>Dieser Rechner</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Ready</source>
        <translation>Bereit</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Ihr Name</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-Mail</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Passwort</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Forgot password?</source>
        <translation>Passwort vergessen?</translation>
    </message>
    <message>
        <source>Copy Its Address</source>
        <translation>Die Adresse kopieren</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
    <message>
        <source>Welcome to Berth</source>
        <translation>Willkommen bei Berth</translation>
    </message>
    <message>
        <source>The address of your server, or the set-up link that berthd printed on its first run.</source>
        <translation>Die Adresse Ihres Servers oder der Einrichtungslink, den berthd beim ersten Start ausgab.</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>To %1</source>
        <translation>Bei %1</translation>
    </message>
    <message>
        <source>Sign In</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Create an account</source>
        <translation>Ein Konto anlegen</translation>
    </message>
    <message>
        <source>On %1</source>
        <translation>Auf %1</translation>
    </message>
    <message>
        <source>Create Account</source>
        <translation>Konto anlegen</translation>
    </message>
    <message>
        <source>Set up this server</source>
        <translation>Diesen Server einrichten</translation>
    </message>
    <message>
        <source>You will be the administrator of %1.</source>
        <translation>Sie werden %1 verwalten.</translation>
    </message>
    <message>
        <source>Create Administrator</source>
        <translation>Verwaltungskonto anlegen</translation>
    </message>
    <message>
        <source>One more step</source>
        <translation>Noch ein Schritt</translation>
    </message>
    <message>
        <source>Type the six digits that your authenticator app shows, or one of your recovery codes. Each is good once.</source>
        <translation>Tippen Sie die sechs Ziffern, die Ihre Authenticator-App zeigt, oder einen Ihrer Wiederherstellungscodes. Jeder gilt einmal.</translation>
    </message>
    <message>
        <source>Go on in the browser</source>
        <translation>Weiter im Browser</translation>
    </message>
    <message>
        <source>A page of %1 opens in your browser. Sign in there and let Berth in; this window then goes on by itself.</source>
        <translation>Eine Seite von %1 öffnet sich in Ihrem Browser. Melden Sie sich dort an und lassen Sie Berth ein; dieses Fenster geht dann von selbst weiter.</translation>
    </message>
    <message>
        <source>Open the Page Again</source>
        <translation>Die Seite noch einmal öffnen</translation>
    </message>
    <message>
        <source>Forgot your password?</source>
        <translation>Passwort vergessen?</translation>
    </message>
    <message>
        <source>%1 sends a mail with a link to the address of your account. By the link you choose another password in the browser.</source>
        <translation>%1 schickt eine Mail mit einem Link an die Adresse Ihres Kontos. Mit dem Link wählen Sie im Browser ein anderes Passwort.</translation>
    </message>
    <message>
        <source>Send the Mail</source>
        <translation>Die Mail schicken</translation>
    </message>
    <message>
        <source>Look at your mail</source>
        <translation>Sehen Sie in Ihre Mail</translation>
    </message>
    <message>
        <source>Where %1 has an account here, a mail with a link is on its way. The link is good for 30 minutes. Come back with the new password.</source>
        <translation>Wenn %1 hier ein Konto hat, ist eine Mail mit einem Link unterwegs. Der Link gilt 30 Minuten. Kommen Sie mit dem neuen Passwort zurück.</translation>
    </message>
    <message>
        <source>Back to Sign In</source>
        <translation>Zurück zur Anmeldung</translation>
    </message>
    <message>
        <source>I have an account</source>
        <translation>Ich habe ein Konto</translation>
    </message>
    <message>
        <source>At least 10 characters</source>
        <translation>Mindestens 10 Zeichen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Zurück</translation>
    </message>
    <message>
        <source>Another server</source>
        <translation>Ein anderer Server</translation>
    </message>
    <message>
        <source>On this computer, without a server.</source>
        <translation>Auf diesem Computer, ohne Server.</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen …</translation>
    </message>
    <message>
        <source>About Berth</source>
        <translation>Über Berth</translation>
    </message>
</context>
<context>
    <name>berth::desktop::ConnectionBar</name>
    <message>
        <source>Storing the last changes and stopping…</source>
        <translation>Die letzten Änderungen werden gespeichert, dann wird angehalten …</translation>
    </message>
    <message>
        <source>Try Again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Your last changes are in the workspace, but not stored as a version: %1</source>
        <translation>Ihre letzten Änderungen sind im Workspace, aber nicht als Version gespeichert: %1</translation>
    </message>
    <message>
        <source>%1 Try it in a terminal, or make a new workspace.</source>
        <translation>%1 Versuchen Sie es in einem Terminal, oder legen Sie einen neuen Workspace an.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Stop here and delete this workspace?</source>
        <translation>Hier anhalten und diesen Workspace löschen?</translation>
    </message>
    <message>
        <source>What has come so far is dropped, and with it everything else in the new workspace.</source>
        <translation>Was bisher gekommen ist, wird verworfen, und mit ihm alles andere im neuen Workspace.</translation>
    </message>
    <message>
        <source>Delete Workspace</source>
        <translation>Workspace löschen</translation>
    </message>
    <message>
        <source>Go On</source>
        <translation>Weitermachen</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>Bleiben</translation>
    </message>
    <message>
        <source>%1 (%2:%3 left)</source>
        <translation>%1 (noch %2:%3)</translation>
    </message>
    <message>
        <source>%1 Trying again in %2 s.</source>
        <translation>%1 Neuer Versuch in %2 s.</translation>
    </message>
    <message>
        <source>%1 Trying again…</source>
        <translation>%1 Neuer Versuch …</translation>
    </message>
    <message>
        <source>What you type is kept.</source>
        <translation>Was Sie tippen, wird aufbewahrt.</translation>
    </message>
    <message>
        <source>%1 Who may edit this workspace can start it.</source>
        <translation>%1 Wer diesen Workspace bearbeiten darf, kann ihn starten.</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Starting the workspace…</source>
        <translation>Der Workspace startet …</translation>
    </message>
    <message>
        <source>Retry Now</source>
        <translation>Jetzt versuchen</translation>
    </message>
    <message>
        <source>This workspace does not exist any more.</source>
        <translation>Diesen Workspace gibt es nicht mehr.</translation>
    </message>
    <message>
        <source>This workspace is not shared with you any more, or does not exist any more.</source>
        <translation>Dieser Workspace ist nicht mehr mit Ihnen geteilt, oder es gibt ihn nicht mehr.</translation>
    </message>
    <message>
        <source>What you typed and it never got stays on this device.</source>
        <translation>Was Sie getippt haben und er nie bekam, bleibt auf diesem Gerät.</translation>
    </message>
    <message>
        <source>Close Window</source>
        <translation>Fenster schließen</translation>
    </message>
    <message>
        <source>This workspace is yours now.</source>
        <translation>Dieser Workspace gehört jetzt Ihnen.</translation>
    </message>
    <message>
        <source>You may only look at this workspace now.</source>
        <translation>Sie dürfen diesen Workspace jetzt nur noch ansehen.</translation>
    </message>
    <message>
        <source>This workspace has another owner now. You may go on editing it.</source>
        <translation>Dieser Workspace gehört jetzt jemand anderem. Sie dürfen ihn weiter bearbeiten.</translation>
    </message>
    <message>
        <source>You may edit this workspace now.</source>
        <translation>Sie dürfen diesen Workspace jetzt bearbeiten.</translation>
    </message>
    <message>
        <source>The connection was lost. Trying again…</source>
        <translation>Die Verbindung ging verloren. Neuer Versuch …</translation>
    </message>
    <message>
        <source>Connecting to the workspace…</source>
        <translation>Verbindung zum Workspace …</translation>
    </message>
    <message>
        <source>Starting the workspace: %1</source>
        <translation>Der Workspace startet: %1</translation>
    </message>
</context>
<context>
    <name>berth::desktop::CopyField</name>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>berth::desktop::CreateWorkspaceDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>Anlegen</translation>
    </message>
    <message>
        <source>New Workspace</source>
        <translation>Neuer Workspace</translation>
    </message>
    <message>
        <source>New workspace</source>
        <translation>Neuer Workspace</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Template</source>
        <translation>Vorlage</translation>
    </message>
    <message>
        <source>Git Repository</source>
        <translation>Git-Repository</translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>Archiv</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Repository</source>
        <translation>Repository</translation>
    </message>
    <message>
        <source>Archive (zip, tar, tar.gz, tar.xz, tar.zst)</source>
        <translation>Archiv (zip, tar, tar.gz, tar.xz, tar.zst)</translation>
    </message>
    <message>
        <source>Folder on this machine</source>
        <translation>Ordner auf diesem Rechner</translation>
    </message>
    <message>
        <source>It is cloned inside the workspace, whose window shows how far it is. A repository that asks for a password is better cloned in a terminal, into an empty workspace.</source>
        <translation>Es wird im Workspace geklont, dessen Fenster zeigt, wie weit es ist. Ein Repository, das nach einem Passwort fragt, klont man besser in einem Terminal, in einen leeren Workspace.</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen …</translation>
    </message>
    <message>
        <source>It is uploaded and unpacked inside the workspace, as its project.</source>
        <translation>Es wird hochgeladen und im Workspace als sein Projekt entpackt.</translation>
    </message>
    <message>
        <source>All that is in it, hidden files too, is packed and uploaded as the project. Links stay links.</source>
        <translation>Alles darin, auch versteckte Dateien, wird gepackt und als Projekt hochgeladen. Links bleiben Links.</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>My %1 workspace</source>
        <translation>Mein %1-Workspace</translation>
    </message>
    <message>
        <source>Choose a Folder</source>
        <translation>Einen Ordner wählen</translation>
    </message>
    <message>
        <source>Choose an Archive</source>
        <translation>Ein Archiv wählen</translation>
    </message>
    <message>
        <source>Archives (*.zip *.tar *.tar.gz *.tgz *.tar.xz *.txz *.tar.zst *.tzst)</source>
        <translation>Archive (*.zip *.tar *.tar.gz *.tgz *.tar.xz *.txz *.tar.zst *.tzst)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Give the workspace a name.</source>
        <translation>Geben Sie dem Workspace einen Namen.</translation>
    </message>
    <message>
        <source>Creating…</source>
        <translation>Wird angelegt …</translation>
    </message>
    <message>
        <source>Making the workspace…</source>
        <translation>Der Workspace wird angelegt …</translation>
    </message>
    <message>
        <source>Starting the workspace, in which the repository is cloned then…</source>
        <translation>Der Workspace startet, in dem das Repository dann geklont wird …</translation>
    </message>
    <message>
        <source>Starting the workspace and unpacking…</source>
        <translation>Der Workspace startet, und es wird entpackt …</translation>
    </message>
    <message>
        <source>Counting the files…</source>
        <translation>Die Dateien werden gezählt …</translation>
    </message>
    <message>
        <source>Packing: %1 of %2</source>
        <translation>Packen: %1 von %2</translation>
    </message>
    <message>
        <source>Uploading: %1 of %2</source>
        <translation>Hochladen: %1 von %2</translation>
    </message>
</context>
<context>
    <name>berth::desktop::DiffView</name>
    <message>
        <source>Both as one text</source>
        <translation>Beide als ein Text</translation>
    </message>
    <message>
        <source>As one text, not side by side</source>
        <translation>Als ein Text, nicht nebeneinander</translation>
    </message>
    <message>
        <source>As one text</source>
        <translation>Als ein Text</translation>
    </message>
</context>
<context>
    <name>berth::desktop::DocumentNotices</name>
    <message>
        <source>1 change</source>
        <translation>1 Änderung</translation>
    </message>
    <message>
        <source>%1 changes</source>
        <translation>%1 Änderungen</translation>
    </message>
    <message>
        <source>Offline: your typing is kept on this device (%1).</source>
        <translation>Offline: was Sie tippen, bleibt auf diesem Gerät (%1).</translation>
    </message>
    <message>
        <source>Your typing is kept on this device until the workspace has it (%1).</source>
        <translation>Was Sie tippen, bleibt auf diesem Gerät, bis der Workspace es hat (%1).</translation>
    </message>
    <message>
        <source>Changes that had not reached the workspace are back in this text.</source>
        <translation>Änderungen, die den Workspace nicht erreicht hatten, sind wieder in diesem Text.</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Changes Brought Back</source>
        <translation>Zurückgeholte Änderungen</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Davor</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
    <message>
        <source>Dismiss</source>
        <translation>Ausblenden</translation>
    </message>
    <message>
        <source>Some of what you typed may be in this file already; whether it arrived is not known any more. Your text is kept here.</source>
        <translation>Manches von dem, was Sie getippt haben, steht vielleicht schon in dieser Datei; ob es ankam, ist nicht mehr bekannt. Ihr Text ist hier aufbewahrt.</translation>
    </message>
    <message>
        <source>While you were offline this text was changed in the same place elsewhere. Your text is kept here.</source>
        <translation>Während Sie offline waren, wurde dieser Text anderswo an derselben Stelle geändert. Ihr Text ist hier aufbewahrt.</translation>
    </message>
    <message>
        <source>Show Both</source>
        <translation>Beide zeigen</translation>
    </message>
    <message>
        <source>Changed on Both Sides</source>
        <translation>Auf beiden Seiten geändert</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Meiner</translation>
    </message>
    <message>
        <source>Theirs</source>
        <translation>Der andere</translation>
    </message>
    <message>
        <source>Keep Mine</source>
        <translation>Meinen behalten</translation>
    </message>
    <message>
        <source>Keep Theirs</source>
        <translation>Den anderen behalten</translation>
    </message>
    <message>
        <source>Keep Both</source>
        <translation>Beide behalten</translation>
    </message>
    <message>
        <source>%1 was changed on disk: some of its text was removed.</source>
        <translation>%1 wurde auf der Platte geändert: ein Teil des Textes wurde entfernt.</translation>
    </message>
    <message>
        <source>%1 was changed on disk: 1 line removed.</source>
        <translation>%1 wurde auf der Platte geändert: 1 Zeile entfernt.</translation>
    </message>
    <message>
        <source>%1 was changed on disk: %2 lines removed.</source>
        <translation>%1 wurde auf der Platte geändert: %2 Zeilen entfernt.</translation>
    </message>
    <message>
        <source>The text before is in %1.</source>
        <translation>Der Text davor ist in %1.</translation>
    </message>
    <message>
        <source>Changed on Disk</source>
        <translation>Auf der Platte geändert</translation>
    </message>
</context>
<context>
    <name>berth::desktop::DurabilityLabel</name>
    <message>
        <source>Not saved</source>
        <translation>Nicht gespeichert</translation>
    </message>
    <message>
        <source>Conflict</source>
        <translation>Konflikt</translation>
    </message>
    <message>
        <source>The text was changed in the same place elsewhere; choose above what to keep.</source>
        <translation>Der Text wurde anderswo an derselben Stelle geändert; wählen Sie oben, was bleibt.</translation>
    </message>
    <message>
        <source>Read-only</source>
        <translation>Nur lesen</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Lädt …</translation>
    </message>
    <message>
        <source>Kept here</source>
        <translation>Hier aufbewahrt</translation>
    </message>
    <message>
        <source>Saving…</source>
        <translation>Speichert …</translation>
    </message>
    <message>
        <source>The workspace does not have your last keys yet; they are kept on this device, also when this program ends.</source>
        <translation>Der Workspace hat Ihre letzten Tasten noch nicht; sie sind auf diesem Gerät aufbewahrt, auch wenn dieses Programm endet.</translation>
    </message>
    <message>
        <source>The workspace does not have your last keys yet.</source>
        <translation>Der Workspace hat Ihre letzten Tasten noch nicht.</translation>
    </message>
    <message>
        <source>Safe</source>
        <translation>Sicher</translation>
    </message>
    <message>
        <source>Journalled in the workspace; it survives the end of any program. The file follows within a second.</source>
        <translation>Im Journal des Workspace; es überlebt das Ende jedes Programms. Die Datei folgt binnen einer Sekunde.</translation>
    </message>
    <message>
        <source>Saved</source>
        <translation>Gespeichert</translation>
    </message>
    <message>
        <source>In the file, on the workspace&apos;s disk.</source>
        <translation>In der Datei, auf der Platte des Workspace.</translation>
    </message>
    <message>
        <source>Saved, stored</source>
        <translation>Gespeichert, gesichert</translation>
    </message>
    <message>
        <source>In the history; it survives the loss of the workspace&apos;s disk.</source>
        <translation>Im Verlauf; es überlebt den Verlust der Platte des Workspace.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::EditorArea</name>
    <message>
        <source>Open a file from the tree, or begin with one of these.</source>
        <translation>Öffnen Sie eine Datei aus dem Baum, oder beginnen Sie hiermit.</translation>
    </message>
    <message>
        <source>Open %1</source>
        <translation>%1 öffnen</translation>
    </message>
    <message>
        <source>Open by Name… (Ctrl+P)</source>
        <translation>Nach Namen öffnen … (Strg+P)</translation>
    </message>
    <message>
        <source>New File…</source>
        <translation>Neue Datei …</translation>
    </message>
    <message>
        <source>New Terminal</source>
        <translation>Neues Terminal</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Close the Others</source>
        <translation>Die anderen schließen</translation>
    </message>
    <message>
        <source>Close All</source>
        <translation>Alle schließen</translation>
    </message>
    <message>
        <source>Split to the Right</source>
        <translation>Nach rechts teilen</translation>
    </message>
    <message>
        <source>Split Downwards</source>
        <translation>Nach unten teilen</translation>
    </message>
    <message>
        <source>Move to a New Window</source>
        <translation>In ein neues Fenster bewegen</translation>
    </message>
    <message>
        <source>Copy Path</source>
        <translation>Pfad kopieren</translation>
    </message>
    <message>
        <source>Show History</source>
        <translation>Verlauf zeigen</translation>
    </message>
    <message>
        <source>Text Not Saved</source>
        <translation>Text nicht gespeichert</translation>
    </message>
    <message>
        <source>The last changes to %1 are only in this window. Closing it loses them.</source>
        <translation>Die letzten Änderungen an %1 sind nur in diesem Fenster. Beim Schließen gehen sie verloren.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::EditorCommands</name>
    <message>
        <source>This text can&apos;t be changed.</source>
        <translation>Dieser Text kann nicht geändert werden.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::EditorGroup</name>
    <message>
        <source>Open texts</source>
        <translation>Offene Texte</translation>
    </message>
    <message>
        <source>Close (Ctrl+W)</source>
        <translation>Schließen (Strg+W)</translation>
    </message>
    <message>
        <source>Close %1</source>
        <translation>%1 schließen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::EditorLook</name>
    <message>
        <source>Break Long Lines</source>
        <translation>Lange Zeilen umbrechen</translation>
    </message>
    <message>
        <source>Show Blanks</source>
        <translation>Leerraum zeigen</translation>
    </message>
    <message>
        <source>Map Beside the Text</source>
        <translation>Karte neben dem Text</translation>
    </message>
    <message>
        <source>Headers Stay in View</source>
        <translation>Kopfzeilen bleiben sichtbar</translation>
    </message>
    <message>
        <source>Offer Words While Typing</source>
        <translation>Wörter beim Tippen anbieten</translation>
    </message>
    <message>
        <source>Take Indentation from the Text</source>
        <translation>Einrückung aus dem Text nehmen</translation>
    </message>
    <message>
        <source>Ruler</source>
        <translation>Lineal</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>At column %1</source>
        <translation>An Spalte %1</translation>
    </message>
</context>
<context>
    <name>berth::desktop::EditorTab</name>
    <message>
        <source>Download</source>
        <translation>Herunterladen</translation>
    </message>
    <message>
        <source>The file on disk held another text; it was kept as %1.</source>
        <translation>Die Datei auf der Platte enthielt einen anderen Text; er ist als %1 aufbewahrt.</translation>
    </message>
    <message>
        <source>Read Again</source>
        <translation>Neu lesen</translation>
    </message>
    <message>
        <source>This file changes on disk while you read it.</source>
        <translation>Diese Datei ändert sich auf der Platte, während Sie sie lesen.</translation>
    </message>
    <message>
        <source>This file was deleted. Its text is still here.</source>
        <translation>Diese Datei wurde gelöscht. Ihr Text ist noch hier.</translation>
    </message>
    <message>
        <source>Write It Again</source>
        <translation>Wieder schreiben</translation>
    </message>
    <message>
        <source>Try Again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Use LF</source>
        <translation>LF verwenden</translation>
    </message>
    <message>
        <source>Convert to UTF-8</source>
        <translation>Nach UTF-8 umwandeln</translation>
    </message>
</context>
<context>
    <name>berth::desktop::EmacsKeys</name>
    <message>
        <source>Mark set</source>
        <translation>Marke gesetzt</translation>
    </message>
</context>
<context>
    <name>berth::desktop::EmailNotice</name>
    <message>
        <source>Your address %1 is not confirmed yet: open the link in the mail that was sent to it. Until then invitations to it do not reach you.</source>
        <translation>Ihre Adresse %1 ist noch nicht bestätigt: öffnen Sie den Link in der Mail, die an sie ging. Bis dahin erreichen Sie Einladungen an sie nicht.</translation>
    </message>
    <message>
        <source>Send Again</source>
        <translation>Noch einmal schicken</translation>
    </message>
    <message>
        <source>A mail is on its way to %1.</source>
        <translation>Eine Mail an %1 ist unterwegs.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::FileActions</name>
    <message>
        <source>%1 copy %2</source>
        <translation>%1 Kopie %2</translation>
    </message>
    <message>
        <source>%1 copy</source>
        <translation>%1 Kopie</translation>
    </message>
    <message>
        <source>%1 exists already.</source>
        <translation>%1 gibt es schon.</translation>
    </message>
    <message>
        <source>Renamed %1 to %2.</source>
        <translation>%1 in %2 umbenannt.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Name Taken</source>
        <translation>Name vergeben</translation>
    </message>
    <message>
        <source>%1 is in that folder already.</source>
        <translation>%1 ist schon in diesem Ordner.</translation>
    </message>
    <message>
        <source>What is replaced goes to the trash.</source>
        <translation>Was ersetzt wird, kommt in den Papierkorb.</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Keep Both</source>
        <translation>Beide behalten</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>Überspringen</translation>
    </message>
    <message>
        <source>The same for all others</source>
        <translation>Ebenso für alle anderen</translation>
    </message>
    <message>
        <source>%1 was moved to %2.</source>
        <translation>%1 wurde nach %2 bewegt.</translation>
    </message>
    <message>
        <source>%1 items were moved to %2.</source>
        <translation>%1 Dinge wurden nach %2 bewegt.</translation>
    </message>
    <message>
        <source>%1 was made.</source>
        <translation>%1 wurde angelegt.</translation>
    </message>
    <message>
        <source>%1 copies were made.</source>
        <translation>%1 Kopien wurden angelegt.</translation>
    </message>
    <message>
        <source>%1 was moved to the trash.</source>
        <translation>%1 wurde in den Papierkorb gelegt.</translation>
    </message>
    <message>
        <source>%1 items were moved to the trash.</source>
        <translation>%1 Dinge wurden in den Papierkorb gelegt.</translation>
    </message>
    <message>
        <source>Taken back: %1</source>
        <translation>Zurückgenommen: %1</translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>und %1 weitere</translation>
    </message>
</context>
<context>
    <name>berth::desktop::FileComparison</name>
    <message>
        <source>The text was closed.</source>
        <translation>Der Text wurde geschlossen.</translation>
    </message>
    <message>
        <source>There is no text on the clipboard.</source>
        <translation>In der Zwischenablage ist kein Text.</translation>
    </message>
    <message>
        <source>%1 is no text.</source>
        <translation>%1 ist kein Text.</translation>
    </message>
    <message>
        <source>%1 is too large to compare here: up to %2 are compared.</source>
        <translation>%1 ist zu groß, um hier verglichen zu werden: bis %2 wird verglichen.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>The text is as its file on the disk.</source>
        <translation>Der Text ist wie seine Datei auf der Platte.</translation>
    </message>
    <message>
        <source>Clipboard and %1</source>
        <translation>Zwischenablage und %1</translation>
    </message>
    <message>
        <source>%1: %2 and %3</source>
        <translation>%1: %2 und %3</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <translation>%1 und %2</translation>
    </message>
    <message>
        <source>Clipboard</source>
        <translation>Zwischenablage</translation>
    </message>
    <message>
        <source>Selected here</source>
        <translation>Hier ausgewählt</translation>
    </message>
    <message>
        <source>Here</source>
        <translation>Hier</translation>
    </message>
    <message>
        <source>On the disk</source>
        <translation>Auf der Platte</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>Jetzt</translation>
    </message>
</context>
<context>
    <name>berth::desktop::FilePanel</name>
    <message>
        <source>You may look at this workspace, not change it.</source>
        <translation>Sie dürfen diesen Workspace ansehen, nicht ändern.</translation>
    </message>
    <message>
        <source>No file is chosen in the tree.</source>
        <translation>Im Baum ist keine Datei gewählt.</translation>
    </message>
    <message>
        <source>Nothing was done to files.</source>
        <translation>Mit Dateien wurde nichts getan.</translation>
    </message>
    <message>
        <source>No file is open.</source>
        <translation>Keine Datei ist offen.</translation>
    </message>
    <message>
        <source>Choose two files in the tree to compare.</source>
        <translation>Wählen Sie im Baum zwei Dateien zum Vergleichen.</translation>
    </message>
    <message>
        <source>Choose a file in the tree to compare.</source>
        <translation>Wählen Sie im Baum eine Datei zum Vergleichen.</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Files of the project</source>
        <translation>Dateien des Projekts</translation>
    </message>
    <message>
        <source>Files that the filter found</source>
        <translation>Dateien, die der Filter fand</translation>
    </message>
    <message>
        <source>Too many folders to watch: changes show after a few seconds.</source>
        <translation>Zu viele Ordner zum Beobachten: Änderungen zeigen sich nach ein paar Sekunden.</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Find a file by name (Ctrl+P)</source>
        <translation>Eine Datei nach Namen suchen (Strg+P)</translation>
    </message>
    <message>
        <source>Filter the files (Ctrl+Alt+F)</source>
        <translation>Die Dateien filtern (Strg+Alt+F)</translation>
    </message>
    <message>
        <source>New file</source>
        <translation>Neue Datei</translation>
    </message>
    <message>
        <source>New folder</source>
        <translation>Neuer Ordner</translation>
    </message>
    <message>
        <source>Upload files</source>
        <translation>Dateien hochladen</translation>
    </message>
    <message>
        <source>Upload</source>
        <translation>Hochladen</translation>
    </message>
    <message>
        <source>Close all folders</source>
        <translation>Alle Ordner schließen</translation>
    </message>
    <message>
        <source>Part of a name</source>
        <translation>Teil eines Namens</translation>
    </message>
    <message>
        <source>Filter the files by a part of their name</source>
        <translation>Die Dateien nach einem Teil ihres Namens filtern</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Sucht …</translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n Datei</numerusform>
            <numerusform>%n Dateien</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The first %n files</source>
        <translation>
            <numerusform>Die erste %n Datei</numerusform>
            <numerusform>Die ersten %n Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source> · not all folders were looked through</source>
        <translation> · nicht alle Ordner wurden durchsucht</translation>
    </message>
    <message>
        <source>Replace %1?</source>
        <translation>%1 ersetzen?</translation>
    </message>
    <message>
        <source>Fetching what was dropped from the other workspace…</source>
        <translation>Was aus dem anderen Workspace hergezogen wurde, wird geholt …</translation>
    </message>
    <message numerus="yes">
        <source>%n items</source>
        <translation>
            <numerusform>%n Ding</numerusform>
            <numerusform>%n Dinge</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 did not come fast enough for that program. It is still being fetched.</source>
        <translation>%1 kam für das andere Programm nicht schnell genug. Es wird noch geholt.</translation>
    </message>
    <message>
        <source>%1 is here now: drag it once more within a minute.</source>
        <translation>%1 ist jetzt hier: ziehen Sie es binnen einer Minute noch einmal.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>A folder can&apos;t be put into itself.</source>
        <translation>Ein Ordner kann nicht in sich selbst gelegt werden.</translation>
    </message>
    <message>
        <source>Choose two files to compare.</source>
        <translation>Wählen Sie zwei Dateien zum Vergleichen.</translation>
    </message>
    <message>
        <source>Choose a file to compare.</source>
        <translation>Wählen Sie eine Datei zum Vergleichen.</translation>
    </message>
    <message>
        <source>There is no version from when the workspace was started yet.</source>
        <translation>Es gibt noch keine Version vom Start des Workspace.</translation>
    </message>
    <message>
        <source>New File…</source>
        <translation>Neue Datei …</translation>
    </message>
    <message>
        <source>New Folder…</source>
        <translation>Neuer Ordner …</translation>
    </message>
    <message>
        <source>Open a Terminal Here</source>
        <translation>Hier ein Terminal öffnen</translation>
    </message>
    <message>
        <source>Download the Project…</source>
        <translation>Das Projekt herunterladen …</translation>
    </message>
    <message>
        <source>Show History</source>
        <translation>Verlauf zeigen</translation>
    </message>
    <message>
        <source>Find in This Folder…</source>
        <translation>In diesem Ordner suchen …</translation>
    </message>
    <message>
        <source>Download as Archive…</source>
        <translation>Als Archiv herunterladen …</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Download…</source>
        <translation>Herunterladen …</translation>
    </message>
    <message>
        <source>Compare These Two</source>
        <translation>Diese beiden vergleichen</translation>
    </message>
    <message>
        <source>Compare with the Start</source>
        <translation>Mit dem Anfang vergleichen</translation>
    </message>
    <message>
        <source>Compare with %1</source>
        <translation>Mit %1 vergleichen</translation>
    </message>
    <message>
        <source>Choose for Comparing</source>
        <translation>Zum Vergleichen wählen</translation>
    </message>
    <message>
        <source>Cut</source>
        <translation>Ausschneiden</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Copy Path</source>
        <translation>Pfad kopieren</translation>
    </message>
    <message>
        <source>Copy Path in the Project</source>
        <translation>Pfad im Projekt kopieren</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>Verdoppeln</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>Umbenennen</translation>
    </message>
    <message>
        <source>Move to Trash</source>
        <translation>In den Papierkorb</translation>
    </message>
</context>
<context>
    <name>berth::desktop::FileView</name>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message numerus="yes">
        <source>%n changed in it since the start</source>
        <translation>
            <numerusform>%n darin seit dem Anfang geändert</numerusform>
            <numerusform>%n darin seit dem Anfang geändert</numerusform>
        </translation>
    </message>
    <message>
        <source>new since the start</source>
        <translation>neu seit dem Anfang</translation>
    </message>
    <message>
        <source>changed since the start</source>
        <translation>seit dem Anfang geändert</translation>
    </message>
    <message>
        <source>deleted since the start</source>
        <translation>seit dem Anfang gelöscht</translation>
    </message>
    <message numerus="yes">
        <source>%n items</source>
        <translation>
            <numerusform>%n Ding</numerusform>
            <numerusform>%n Dinge</numerusform>
        </translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
</context>
<context>
    <name>berth::desktop::FindBar</name>
    <message>
        <source>Show or hide replacing</source>
        <translation>Ersetzen zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Find</source>
        <translation>Suchen</translation>
    </message>
    <message>
        <source>Match case</source>
        <translation>Groß- und Kleinschreibung beachten</translation>
    </message>
    <message>
        <source>Whole words</source>
        <translation>Ganze Wörter</translation>
    </message>
    <message>
        <source>Regular expression</source>
        <translation>Regulärer Ausdruck</translation>
    </message>
    <message>
        <source>Only in what is selected</source>
        <translation>Nur in der Auswahl</translation>
    </message>
    <message>
        <source>Previous (Shift+Enter)</source>
        <translation>Vorige (Umschalt+Eingabe)</translation>
    </message>
    <message>
        <source>Next (Enter)</source>
        <translation>Nächste (Eingabe)</translation>
    </message>
    <message>
        <source>Close (Escape)</source>
        <translation>Schließen (Escape)</translation>
    </message>
    <message>
        <source>Replace with</source>
        <translation>Ersetzen durch</translation>
    </message>
    <message>
        <source>Keep the case</source>
        <translation>Schreibung behalten</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Replace All</source>
        <translation>Alle ersetzen</translation>
    </message>
    <message>
        <source>Ctrl+Alt+Enter</source>
        <translation>Strg+Alt+Eingabe</translation>
    </message>
    <message numerus="yes">
        <source>%n replaced</source>
        <translation>
            <numerusform>%n ersetzt</numerusform>
            <numerusform>%n ersetzt</numerusform>
        </translation>
    </message>
    <message>
        <source>%1+</source>
        <translation>%1+</translation>
    </message>
    <message>
        <source>No result</source>
        <translation>Kein Treffer</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
    <message>
        <source>1 result</source>
        <translation>1 Treffer</translation>
    </message>
    <message>
        <source>%1 results</source>
        <translation>%1 Treffer</translation>
    </message>
</context>
<context>
    <name>berth::desktop::FollowBar</name>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Following %1 · %2</source>
        <translation>Folgt %1 · %2</translation>
    </message>
</context>
<context>
    <name>berth::desktop::HistoryPanel</name>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Versions of everything, not only of the file in front</source>
        <translation>Versionen von allem, nicht nur der Datei vorn</translation>
    </message>
    <message>
        <source>Show what the version changed</source>
        <translation>Zeigen, was die Version geändert hat</translation>
    </message>
    <message>
        <source>Bring this version back…</source>
        <translation>Diese Version zurückholen …</translation>
    </message>
    <message>
        <source>The whole history in a window</source>
        <translation>Der ganze Verlauf in einem Fenster</translation>
    </message>
    <message>
        <source>Files that the version changed</source>
        <translation>Dateien, die die Version geändert hat</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>Davor</translation>
    </message>
    <message>
        <source>This version</source>
        <translation>Diese Version</translation>
    </message>
    <message>
        <source>%1 is no text; its history can download it.</source>
        <translation>%1 ist kein Text; sein Verlauf kann es herunterladen.</translation>
    </message>
    <message>
        <source>%1 is too large to compare here; its history can download it.</source>
        <translation>%1 ist zu groß, um hier verglichen zu werden; sein Verlauf kann es herunterladen.</translation>
    </message>
    <message>
        <source>Show What Changed</source>
        <translation>Zeigen, was sich geändert hat</translation>
    </message>
    <message>
        <source>Restore This File…</source>
        <translation>Diese Datei wiederherstellen …</translation>
    </message>
    <message>
        <source>Download This File…</source>
        <translation>Diese Datei herunterladen …</translation>
    </message>
    <message>
        <source>Open as It Is Now</source>
        <translation>Öffnen, wie sie jetzt ist</translation>
    </message>
    <message>
        <source>History of This File</source>
        <translation>Verlauf dieser Datei</translation>
    </message>
</context>
<context>
    <name>berth::desktop::HistoryWindow</name>
    <message>
        <source>Show Everything</source>
        <translation>Alles zeigen</translation>
    </message>
    <message>
        <source>Keep a Version…</source>
        <translation>Eine Version behalten …</translation>
    </message>
    <message>
        <source>Stores what is there now under a name, for ever</source>
        <translation>Speichert, was jetzt da ist, unter einem Namen, für immer</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Changed files</source>
        <translation>Geänderte Dateien</translation>
    </message>
    <message>
        <source>Keep It under a Name…</source>
        <translation>Unter einem Namen behalten …</translation>
    </message>
    <message>
        <source>New Workspace from It…</source>
        <translation>Neuer Workspace daraus …</translation>
    </message>
    <message>
        <source>Download It…</source>
        <translation>Sie herunterladen …</translation>
    </message>
    <message>
        <source>Restore This File…</source>
        <translation>Diese Datei wiederherstellen …</translation>
    </message>
    <message>
        <source>Download This File…</source>
        <translation>Diese Datei herunterladen …</translation>
    </message>
    <message>
        <source>Restore the Folder %1…</source>
        <translation>Den Ordner %1 wiederherstellen …</translation>
    </message>
    <message>
        <source>History of This File</source>
        <translation>Verlauf dieser Datei</translation>
    </message>
    <message>
        <source>History of the Folder %1</source>
        <translation>Verlauf des Ordners %1</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>History of %1</source>
        <translation>Verlauf von %1</translation>
    </message>
    <message>
        <source>%1 · %2 files</source>
        <translation>%1 · %2 Dateien</translation>
    </message>
    <message>
        <source>%1, by %2 · %3 files</source>
        <translation>%1, von %2 · %3 Dateien</translation>
    </message>
    <message>
        <source>%1 could not be stored</source>
        <translation>%1 ließ sich nicht speichern</translation>
    </message>
    <message>
        <source>Restore All…</source>
        <translation>Alles wiederherstellen …</translation>
    </message>
    <message>
        <source>Restore %1…</source>
        <translation>%1 wiederherstellen …</translation>
    </message>
    <message>
        <source>added</source>
        <translation>neu</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>geändert</translation>
    </message>
    <message>
        <source>deleted</source>
        <translation>gelöscht</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>Comparing…</source>
        <translation>Vergleicht …</translation>
    </message>
    <message>
        <source>More files differ; these are the first five thousand.</source>
        <translation>Noch mehr Dateien unterscheiden sich; das sind die ersten fünftausend.</translation>
    </message>
    <message>
        <source>No file differs from the version before.</source>
        <translation>Keine Datei unterscheidet sich von der Version davor.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::IdeWindow</name>
    <message>
        <source>A server listens on port %1.</source>
        <translation>Ein Server lauscht an Port %1.</translation>
    </message>
    <message>
        <source>Open Preview</source>
        <translation>Vorschau öffnen</translation>
    </message>
    <message>
        <source>The last changes to %1 are kept on this device; they are sent once the workspace is reached.</source>
        <translation>Die letzten Änderungen an %1 sind auf diesem Gerät aufbewahrt; sie werden geschickt, sobald der Workspace erreicht ist.</translation>
    </message>
    <message>
        <source>You may look at this workspace, not run programs in it.</source>
        <translation>Sie dürfen diesen Workspace ansehen, keine Programme darin starten.</translation>
    </message>
    <message>
        <source>No text is open.</source>
        <translation>Kein Text ist offen.</translation>
    </message>
    <message>
        <source>This file is shown in pages.</source>
        <translation>Diese Datei wird seitenweise gezeigt.</translation>
    </message>
    <message>
        <source>Main</source>
        <translation>Hauptleiste</translation>
    </message>
    <message>
        <source>All workspaces</source>
        <translation>Alle Workspaces</translation>
    </message>
    <message>
        <source>Menu</source>
        <translation>Menü</translation>
    </message>
    <message>
        <source>Only its owner renames a workspace.</source>
        <translation>Nur wem der Workspace gehört, benennt ihn um.</translation>
    </message>
    <message>
        <source>You may look at this workspace, not stop it.</source>
        <translation>Sie dürfen diesen Workspace ansehen, nicht anhalten.</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>Teilen</translation>
    </message>
    <message>
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <source>Share this workspace</source>
        <translation>Diesen Workspace teilen</translation>
    </message>
    <message>
        <source>Who is in this workspace</source>
        <translation>Wer in diesem Workspace ist</translation>
    </message>
    <message>
        <source>This file can&apos;t be shown twice.</source>
        <translation>Diese Datei kann nicht zweimal gezeigt werden.</translation>
    </message>
    <message>
        <source>There is one group of texts only.</source>
        <translation>Es gibt nur eine Gruppe von Texten.</translation>
    </message>
    <message>
        <source>No tab was closed.</source>
        <translation>Kein Reiter wurde geschlossen.</translation>
    </message>
    <message>
        <source>Nothing is wrong by what was run last.</source>
        <translation>Nach dem, was zuletzt lief, ist nichts falsch.</translation>
    </message>
    <message>
        <source>Nothing listens in the workspace yet.</source>
        <translation>Noch lauscht nichts im Workspace.</translation>
    </message>
    <message>
        <source>This text can&apos;t be changed.</source>
        <translation>Dieser Text kann nicht geändert werden.</translation>
    </message>
    <message>
        <source>Menus</source>
        <translation>Menüs</translation>
    </message>
    <message>
        <source>Rename Workspace…</source>
        <translation>Workspace umbenennen …</translation>
    </message>
    <message>
        <source>Rename Workspace</source>
        <translation>Workspace umbenennen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Stop Workspace</source>
        <translation>Workspace anhalten</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>&amp;Bearbeiten</translation>
    </message>
    <message>
        <source>&amp;Selection</source>
        <translation>Aus&amp;wahl</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>&amp;Go</source>
        <translation>&amp;Gehe zu</translation>
    </message>
    <message>
        <source>&amp;Run</source>
        <translation>Aus&amp;führen</translation>
    </message>
    <message>
        <source>&amp;Terminal</source>
        <translation>&amp;Terminal</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Farbschema</translation>
    </message>
    <message>
        <source>Editor</source>
        <translation>Editor</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Verlauf</translation>
    </message>
    <message>
        <source>Terminals</source>
        <translation>Terminals</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>Ports</translation>
    </message>
    <message>
        <source>Go to %1</source>
        <translation>Zu %1</translation>
    </message>
    <message>
        <source>Nothing was looked for, or found.</source>
        <translation>Nichts wurde gesucht oder gefunden.</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Nothing can be run here now.</source>
        <translation>Hier lässt sich jetzt nichts starten.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::ImageView</name>
    <message>
        <source>Picture</source>
        <translation>Bild</translation>
    </message>
    <message>
        <source>Smaller (-)</source>
        <translation>Kleiner (-)</translation>
    </message>
    <message>
        <source>Larger (+)</source>
        <translation>Größer (+)</translation>
    </message>
    <message>
        <source>As large as it is (1)</source>
        <translation>So groß, wie es ist (1)</translation>
    </message>
    <message>
        <source>As large as there is room (0)</source>
        <translation>So groß, wie Platz ist (0)</translation>
    </message>
    <message>
        <source>Read it again (F5)</source>
        <translation>Neu lesen (F5)</translation>
    </message>
    <message>
        <source>Picture %1, %2 by %3</source>
        <translation>Bild %1, %2 mal %3</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
    <message>
        <source>This drawing is too large to show.</source>
        <translation>Diese Zeichnung ist zu groß zum Zeigen.</translation>
    </message>
    <message>
        <source>This is no drawing that can be shown.</source>
        <translation>Das ist keine Zeichnung, die sich zeigen lässt.</translation>
    </message>
    <message>
        <source>This picture can&apos;t be shown: %1.</source>
        <translation>Dieses Bild lässt sich nicht zeigen: %1.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::Indentation</name>
    <message>
        <source>Tabs: %1</source>
        <translation>Tabulatoren: %1</translation>
    </message>
    <message>
        <source>Spaces: %1</source>
        <translation>Leerzeichen: %1</translation>
    </message>
</context>
<context>
    <name>berth::desktop::InviteForm</name>
    <message>
        <source>Share</source>
        <translation>Teilen</translation>
    </message>
    <message>
        <source>E-mail address</source>
        <translation>E-Mail-Adresse</translation>
    </message>
    <message>
        <source>E-mail address of the person</source>
        <translation>E-Mail-Adresse der Person</translation>
    </message>
    <message>
        <source>What the person may do</source>
        <translation>Was die Person darf</translation>
    </message>
    <message>
        <source>%1 is in it now.</source>
        <translation>%1 ist jetzt dabei.</translation>
    </message>
    <message>
        <source>%1 is invited, and told by mail.</source>
        <translation>%1 ist eingeladen und wird per Mail benachrichtigt.</translation>
    </message>
    <message>
        <source>%1 is invited: they are in as soon as they sign in here. This server sends no mail, so tell them.</source>
        <translation>%1 ist eingeladen und dabei, sobald hier eine Anmeldung erfolgt. Dieser Server schickt keine Mail, sagen Sie also Bescheid.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::JoinDialog</name>
    <message>
        <source>Join</source>
        <translation>Beitreten</translation>
    </message>
    <message>
        <source>Join by Link</source>
        <translation>Mit einem Link beitreten</translation>
    </message>
    <message>
        <source>Join by link</source>
        <translation>Mit einem Link beitreten</translation>
    </message>
    <message>
        <source>The link that you were sent</source>
        <translation>Der Link, den Sie bekommen haben</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Paste it here.</source>
        <translation>Fügen Sie ihn hier ein.</translation>
    </message>
    <message>
        <source>That is no link to a workspace or team: those look like %1.</source>
        <translation>Das ist kein Link zu einem Workspace oder Team: die sehen so aus: %1.</translation>
    </message>
    <message>
        <source>Open in the Browser</source>
        <translation>Im Browser öffnen</translation>
    </message>
    <message>
        <source>A public page of %1.</source>
        <translation>Eine öffentliche Seite von %1.</translation>
    </message>
    <message>
        <source>Sign In There</source>
        <translation>Dort anmelden</translation>
    </message>
    <message>
        <source>It is a link of another server, %1. Go on only if you know that server: you sign in to it.</source>
        <translation>Es ist ein Link eines anderen Servers, %1. Gehen Sie nur weiter, wenn Sie diesen Server kennen: Sie melden sich bei ihm an.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>A workspace of this server.</source>
        <translation>Ein Workspace dieses Servers.</translation>
    </message>
    <message>
        <source>An invitation to a team. Its members see your name and e-mail address.</source>
        <translation>Eine Einladung in ein Team. Seine Mitglieder sehen Ihren Namen und Ihre E-Mail-Adresse.</translation>
    </message>
    <message>
        <source>An invitation to a workspace. The people in it see your name and e-mail address.</source>
        <translation>Eine Einladung in einen Workspace. Die Personen darin sehen Ihren Namen und Ihre E-Mail-Adresse.</translation>
    </message>
    <message>
        <source>No browser could be opened.</source>
        <translation>Es ließ sich kein Browser öffnen.</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>Einen Moment …</translation>
    </message>
    <message>
        <source>The link does not work any more: it was ended, used up, or its time is over.</source>
        <translation>Der Link gilt nicht mehr: er wurde beendet, aufgebraucht, oder seine Zeit ist um.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::KeyField</name>
    <message>
        <source>Empty the field</source>
        <translation>Feld leeren</translation>
    </message>
</context>
<context>
    <name>berth::desktop::KeysDialog</name>
    <message>
        <source>Use This Key</source>
        <translation>Diese Taste verwenden</translation>
    </message>
    <message>
        <source>No Key</source>
        <translation>Keine Taste</translation>
    </message>
    <message>
        <source>As It Was</source>
        <translation>Wie zuvor</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
    <message>
        <source>Find a command or a key</source>
        <translation>Einen Befehl oder eine Taste suchen</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>Befehl</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>Neue Taste</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Press a key in the field to give it to the command.</source>
        <translation>Drücken Sie im Feld eine Taste, um sie dem Befehl zu geben.</translation>
    </message>
    <message>
        <source>It has this key.</source>
        <translation>Er hat diese Taste.</translation>
    </message>
    <message>
        <source>“%1” has this key and loses it.</source>
        <translation>„%1“ hat diese Taste und verliert sie.</translation>
    </message>
    <message>
        <source>This key can&apos;t be given to a command on all your devices.</source>
        <translation>Diese Taste kann nicht auf allen Ihren Geräten einem Befehl gegeben werden.</translation>
    </message>
    <message>
        <source>Commands and their keys</source>
        <translation>Befehle und ihre Tasten</translation>
    </message>
    <message>
        <source>“%1” has the same key.</source>
        <translation>„%1“ hat dieselbe Taste.</translation>
    </message>
    <message>
        <source>“%1” (%2) begins with this key and is not reached any more.</source>
        <translation>„%1“ (%2) beginnt mit dieser Taste und wird nicht mehr erreicht.</translation>
    </message>
    <message>
        <source>“%1” is done at the first key (%2).</source>
        <translation>„%1“ geschieht schon bei der ersten Taste (%2).</translation>
    </message>
    <message>
        <source>Press the keys to find</source>
        <translation>Die gesuchten Tasten drücken</translation>
    </message>
    <message>
        <source>New key: press one, or two in a row</source>
        <translation>Neue Taste: eine drücken, oder zwei nacheinander</translation>
    </message>
    <message>
        <source>Add It</source>
        <translation>Hinzufügen</translation>
    </message>
    <message>
        <source>Find by pressing keys</source>
        <translation>Durch Drücken der Tasten finden</translation>
    </message>
    <message>
        <source>Show only commands whose keys are in each other&apos;s way</source>
        <translation>Nur Befehle zeigen, deren Tasten einander im Weg sind</translation>
    </message>
    <message>
        <source>The command keeps the keys that it has</source>
        <translation>Der Befehl behält die Tasten, die er hat</translation>
    </message>
    <message numerus="yes">
        <source>%n commands in conflict</source>
        <translation>
            <numerusform>%n Befehl im Konflikt</numerusform>
            <numerusform>%n Befehle im Konflikt</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing else has this key.</source>
        <translation>Nichts anderes hat diese Taste.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::KeysReference</name>
    <message>
        <source>Window</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>Files and tabs</source>
        <translation>Dateien und Tabs</translation>
    </message>
    <message>
        <source>Finding</source>
        <translation>Finden</translation>
    </message>
    <message>
        <source>Going somewhere</source>
        <translation>Irgendwohin gehen</translation>
    </message>
    <message>
        <source>Editing</source>
        <translation>Bearbeiten</translation>
    </message>
    <message>
        <source>How text is shown</source>
        <translation>Wie Text gezeigt wird</translation>
    </message>
    <message>
        <source>Terminals and running</source>
        <translation>Terminals und Ausführen</translation>
    </message>
    <message>
        <source>With the mouse</source>
        <translation>Mit der Maus</translation>
    </message>
    <message>
        <source>Open a link</source>
        <translation>Einen Link öffnen</translation>
    </message>
    <message>
        <source>Ctrl+click</source>
        <translation>Strg+Klick</translation>
    </message>
    <message>
        <source>One more cursor</source>
        <translation>Noch ein Cursor</translation>
    </message>
    <message>
        <source>Alt+click</source>
        <translation>Alt+Klick</translation>
    </message>
    <message>
        <source>Select a column</source>
        <translation>Eine Spalte auswählen</translation>
    </message>
    <message>
        <source>Alt+drag</source>
        <translation>Alt+Ziehen</translation>
    </message>
    <message>
        <source>Larger or smaller text</source>
        <translation>Größerer oder kleinerer Text</translation>
    </message>
    <message>
        <source>Ctrl+wheel</source>
        <translation>Strg+Mausrad</translation>
    </message>
    <message>
        <source>Close a tab</source>
        <translation>Einen Tab schließen</translation>
    </message>
    <message>
        <source>middle button</source>
        <translation>mittlere Taste</translation>
    </message>
    <message>
        <source>Copy files of the tree</source>
        <translation>Dateien des Baums kopieren</translation>
    </message>
    <message>
        <source>Ctrl+drag</source>
        <translation>Strg+Ziehen</translation>
    </message>
    <message>
        <source>No key is like that.</source>
        <translation>Keine Taste ist so.</translation>
    </message>
    <message>
        <source>All Keys</source>
        <translation>Alle Tasten</translation>
    </message>
    <message>
        <source>Find a command or a key</source>
        <translation>Einen Befehl oder eine Taste finden</translation>
    </message>
    <message>
        <source>Change Keys…</source>
        <translation>Tasten ändern …</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>Drucken …</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
</context>
<context>
    <name>berth::desktop::LanguagePopup</name>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>Languages</source>
        <translation>Sprachen</translation>
    </message>
    <message>
        <source>Language of this text</source>
        <translation>Sprache dieses Textes</translation>
    </message>
    <message>
        <source>As its name says</source>
        <translation>Wie sein Name sagt</translation>
    </message>
    <message>
        <source>now</source>
        <translation>jetzt</translation>
    </message>
    <message>
        <source>No such language.</source>
        <translation>Keine solche Sprache.</translation>
    </message>
    <message>
        <source>unknown encoding</source>
        <translation>unbekannte Kodierung</translation>
    </message>
    <message>
        <source>mixed</source>
        <translation>gemischt</translation>
    </message>
    <message>
        <source>Read It As</source>
        <translation>Lesen als</translation>
    </message>
    <message>
        <source>Write It As</source>
        <translation>Schreiben als</translation>
    </message>
    <message>
        <source>LF (Linux, macOS)</source>
        <translation>LF (Linux, macOS)</translation>
    </message>
    <message>
        <source>CRLF (Windows)</source>
        <translation>CRLF (Windows)</translation>
    </message>
    <message>
        <source>Tabs</source>
        <translation>Tabulatoren</translation>
    </message>
    <message>
        <source>Spaces</source>
        <translation>Leerzeichen</translation>
    </message>
    <message>
        <source>Take It from the Text</source>
        <translation>Aus dem Text nehmen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::LineCommands</name>
    <message>
        <source>Move Lines Up</source>
        <translation>Zeilen nach oben bewegen</translation>
    </message>
    <message>
        <source>Move Lines Down</source>
        <translation>Zeilen nach unten bewegen</translation>
    </message>
    <message>
        <source>Copy Lines Up</source>
        <translation>Zeilen nach oben kopieren</translation>
    </message>
    <message>
        <source>Copy Lines Down</source>
        <translation>Zeilen nach unten kopieren</translation>
    </message>
    <message>
        <source>Delete Lines</source>
        <translation>Zeilen löschen</translation>
    </message>
    <message>
        <source>New Line Below</source>
        <translation>Neue Zeile darunter</translation>
    </message>
    <message>
        <source>New Line Above</source>
        <translation>Neue Zeile darüber</translation>
    </message>
    <message>
        <source>Join Lines</source>
        <translation>Zeilen verbinden</translation>
    </message>
    <message>
        <source>Indent Lines</source>
        <translation>Zeilen einrücken</translation>
    </message>
    <message>
        <source>Outdent Lines</source>
        <translation>Zeilen ausrücken</translation>
    </message>
    <message>
        <source>Select Line</source>
        <translation>Zeile auswählen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::MarkdownView</name>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>This text is too long for a preview.</source>
        <translation>Dieser Text ist zu lang für eine Vorschau.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::MessageBar</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::MultipleCursors</name>
    <message>
        <source>Add the Next Place of the Selection</source>
        <translation>Die nächste Stelle der Auswahl dazunehmen</translation>
    </message>
    <message>
        <source>Select All Places of the Selection</source>
        <translation>Alle Stellen der Auswahl auswählen</translation>
    </message>
    <message>
        <source>Add a Cursor Above</source>
        <translation>Eine Schreibmarke darüber setzen</translation>
    </message>
    <message>
        <source>Add a Cursor Below</source>
        <translation>Eine Schreibmarke darunter setzen</translation>
    </message>
    <message>
        <source>Take the Last Cursor Away</source>
        <translation>Die letzte Schreibmarke wegnehmen</translation>
    </message>
    <message>
        <source>Add Cursors to Line Ends</source>
        <translation>Schreibmarken an Zeilenenden setzen</translation>
    </message>
    <message>
        <source>Column Selection Up</source>
        <translation>Spaltenauswahl nach oben</translation>
    </message>
    <message>
        <source>Column Selection Down</source>
        <translation>Spaltenauswahl nach unten</translation>
    </message>
    <message>
        <source>Column Selection Left</source>
        <translation>Spaltenauswahl nach links</translation>
    </message>
    <message>
        <source>Column Selection Right</source>
        <translation>Spaltenauswahl nach rechts</translation>
    </message>
</context>
<context>
    <name>berth::desktop::Notifier</name>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::OutputPanel</name>
    <message>
        <source>Output</source>
        <translation>Ausgabe</translation>
    </message>
    <message>
        <source>Output of</source>
        <translation>Ausgabe von</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Nothing happened yet.</source>
        <translation>Noch ist nichts geschehen.</translation>
    </message>
    <message>
        <source>Copy the output</source>
        <translation>Die Ausgabe kopieren</translation>
    </message>
    <message>
        <source>Clear the output</source>
        <translation>Die Ausgabe leeren</translation>
    </message>
</context>
<context>
    <name>berth::desktop::OwnerChoice</name>
    <message>
        <source>It belongs to</source>
        <translation>Er gehört</translation>
    </message>
    <message>
        <source>Whose the workspace is</source>
        <translation>Wem der Workspace gehört</translation>
    </message>
    <message>
        <source>Me</source>
        <translation>Mir</translation>
    </message>
</context>
<context>
    <name>berth::desktop::PagedView</name>
    <message>
        <source>Read-only. %1 are too much to edit here; you are at %2 %.</source>
        <translation>Nur lesen. %1 sind zu viel, um hier bearbeitet zu werden; Sie sind bei %2 %.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::PanelDock</name>
    <message>
        <source>Hide %1</source>
        <translation>%1 verbergen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::PanelHeader</name>
    <message>
        <source>%1: %2</source>
        <translation>%1: %2</translation>
    </message>
</context>
<context>
    <name>berth::desktop::PasteQuestion</name>
    <message>
        <source>Don&apos;t ask again</source>
        <translation>Nicht mehr fragen</translation>
    </message>
    <message>
        <source>Paste into the Terminal</source>
        <translation>Ins Terminal einfügen</translation>
    </message>
    <message numerus="yes">
        <source>Paste %n lines?</source>
        <translation>
            <numerusform>%n Zeile einfügen?</numerusform>
            <numerusform>%n Zeilen einfügen?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Paste %n characters?</source>
        <translation>
            <numerusform>%n Zeichen einfügen?</numerusform>
            <numerusform>%n Zeichen einfügen?</numerusform>
        </translation>
    </message>
    <message>
        <source>The program in this terminal takes each line as if you had typed it and pressed Enter.</source>
        <translation>Das Programm in diesem Terminal nimmt jede Zeile, als hätten Sie sie getippt und die Eingabetaste gedrückt.</translation>
    </message>
    <message>
        <source>What would be pasted</source>
        <translation>Was eingefügt würde</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Paste as One Line</source>
        <translation>Als eine Zeile einfügen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::PeoplePanel</name>
    <message>
        <source>People</source>
        <translation>Personen</translation>
    </message>
    <message>
        <source>Go There</source>
        <translation>Dorthin gehen</translation>
    </message>
    <message>
        <source>People here</source>
        <translation>Personen hier</translation>
    </message>
    <message>
        <source>See what this person sees, until you do something yourself</source>
        <translation>Sehen, was diese Person sieht, bis Sie selbst etwas tun</translation>
    </message>
    <message>
        <source>Go to where this person is</source>
        <translation>Dorthin gehen, wo diese Person ist</translation>
    </message>
    <message>
        <source>Share this workspace</source>
        <translation>Diesen Workspace teilen</translation>
    </message>
    <message>
        <source>follows you</source>
        <translation>folgt Ihnen</translation>
    </message>
    <message>
        <source>you follow</source>
        <translation>Sie folgen</translation>
    </message>
    <message>
        <source>Stop Following</source>
        <translation>Nicht mehr folgen</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Folgen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::PeopleStrip</name>
    <message>
        <source>owner</source>
        <translation>Eigentümer</translation>
    </message>
    <message>
        <source>may edit</source>
        <translation>darf bearbeiten</translation>
    </message>
    <message>
        <source>may look</source>
        <translation>darf ansehen</translation>
    </message>
    <message>
        <source>away</source>
        <translation>weg</translation>
    </message>
    <message>
        <source>in terminal %1</source>
        <translation>in Terminal %1</translation>
    </message>
    <message>
        <source>shell</source>
        <translation>Shell</translation>
    </message>
    <message>
        <source>looking around</source>
        <translation>sieht sich um</translation>
    </message>
    <message>
        <source>People here</source>
        <translation>Personen hier</translation>
    </message>
    <message>
        <source>People here: %1</source>
        <translation>Personen hier: %1</translation>
    </message>
    <message>
        <source>Stop Following</source>
        <translation>Nicht mehr folgen</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>Folgen</translation>
    </message>
    <message>
        <source>Go to Where They Are</source>
        <translation>Dorthin gehen, wo sie sind</translation>
    </message>
    <message>
        <source>follows you</source>
        <translation>folgt Ihnen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::PortsPanel</name>
    <message>
        <source>Forward New Ports by Itself</source>
        <translation>Neue Ports von selbst weiterleiten</translation>
    </message>
    <message>
        <source>Ask When a Port Begins to Listen</source>
        <translation>Fragen, wenn ein Port zu lauschen beginnt</translation>
    </message>
    <message>
        <source>Forward Only What I Choose</source>
        <translation>Nur weiterleiten, was ich wähle</translation>
    </message>
    <message>
        <source>Port %1 (%2) is localhost:%3 here.</source>
        <translation>Port %1 (%2) ist hier localhost:%3.</translation>
    </message>
    <message>
        <source>Open in the Browser</source>
        <translation>Im Browser öffnen</translation>
    </message>
    <message>
        <source>Stop Forwarding</source>
        <translation>Nicht mehr weiterleiten</translation>
    </message>
    <message>
        <source>Port %1 (%2) listens.</source>
        <translation>Port %1 (%2) lauscht.</translation>
    </message>
    <message>
        <source>Forward to This Machine</source>
        <translation>An diesen Rechner weiterleiten</translation>
    </message>
    <message>
        <source>Always Forward</source>
        <translation>Immer weiterleiten</translation>
    </message>
    <message>
        <source>Don&apos;t Ask</source>
        <translation>Nicht fragen</translation>
    </message>
    <message>
        <source>Port %1 is to be localhost:%2 here, but another program has that number.</source>
        <translation>Port %1 soll hier localhost:%2 sein, aber ein anderes Programm hat diese Nummer.</translation>
    </message>
    <message>
        <source>You may look at this workspace, not forward its ports.</source>
        <translation>Sie dürfen diesen Workspace ansehen, seine Ports nicht weiterleiten.</translation>
    </message>
    <message>
        <source>Private</source>
        <translation>Privat</translation>
    </message>
    <message>
        <source>Only people who may edit this workspace see it</source>
        <translation>Nur Personen, die diesen Workspace bearbeiten dürfen, sehen es</translation>
    </message>
    <message>
        <source>People in This Workspace</source>
        <translation>Personen in diesem Workspace</translation>
    </message>
    <message>
        <source>Everybody whom the workspace is shared with sees it</source>
        <translation>Alle, mit denen der Workspace geteilt ist, sehen es</translation>
    </message>
    <message>
        <source>Public</source>
        <translation>Öffentlich</translation>
    </message>
    <message>
        <source>Anybody who knows the address sees it, without an account</source>
        <translation>Alle, die die Adresse kennen, sehen es, ohne Konto</translation>
    </message>
    <message>
        <source>Ports</source>
        <translation>Ports</translation>
    </message>
    <message>
        <source>Nothing listens yet. A web server that you start shows here.</source>
        <translation>Noch lauscht nichts. Ein Webserver, den Sie starten, zeigt sich hier.</translation>
    </message>
    <message>
        <source>Forward a port by its number…</source>
        <translation>Einen Port nach seiner Nummer weiterleiten …</translation>
    </message>
    <message>
        <source>What becomes of new ports</source>
        <translation>Was mit neuen Ports geschieht</translation>
    </message>
    <message>
        <source>A link to port %1 was copied. Whoever has it sees the port until it ends.</source>
        <translation>Ein Link zu Port %1 wurde kopiert. Wer ihn hat, sieht den Port, bis er endet.</translation>
    </message>
    <message>
        <source>%1. Only the owner of the workspace changes it.</source>
        <translation>%1. Nur wem der Workspace gehört, ändert es.</translation>
    </message>
    <message>
        <source>Copy a Link for Anybody</source>
        <translation>Einen Link für alle kopieren</translation>
    </message>
    <message numerus="yes">
        <source>Works for %n hour(s)</source>
        <translation>
            <numerusform>Gilt %n Stunde</numerusform>
            <numerusform>Gilt %n Stunden</numerusform>
        </translation>
    </message>
    <message>
        <source>unknown program</source>
        <translation>unbekanntes Programm</translation>
    </message>
    <message>
        <source>Name of Port %1</source>
        <translation>Name von Port %1</translation>
    </message>
    <message>
        <source>Name (empty: its program&apos;s)</source>
        <translation>Name (leer: der seines Programms)</translation>
    </message>
    <message>
        <source>Local Number of Port %1</source>
        <translation>Lokale Nummer von Port %1</translation>
    </message>
    <message>
        <source>Number on this machine (0: any)</source>
        <translation>Nummer auf diesem Rechner (0: beliebig)</translation>
    </message>
    <message>
        <source>Forward a Port</source>
        <translation>Einen Port weiterleiten</translation>
    </message>
    <message>
        <source>Port in the workspace</source>
        <translation>Port im Workspace</translation>
    </message>
    <message>
        <source>Open the Preview in the Browser</source>
        <translation>Die Vorschau im Browser öffnen</translation>
    </message>
    <message>
        <source>Open localhost:%1</source>
        <translation>localhost:%1 öffnen</translation>
    </message>
    <message>
        <source>Copy localhost:%1</source>
        <translation>localhost:%1 kopieren</translation>
    </message>
    <message>
        <source>Name…</source>
        <translation>Name …</translation>
    </message>
    <message>
        <source>Local Number…</source>
        <translation>Lokale Nummer …</translation>
    </message>
    <message>
        <source>→ localhost:%1</source>
        <translation>→ localhost:%1</translation>
    </message>
    <message>
        <source>%1, forwarded to localhost:%2 on this machine</source>
        <translation>%1, auf diesem Rechner an localhost:%2 weitergeleitet</translation>
    </message>
    <message>
        <source>%1. Who sees port %2…</source>
        <translation>%1. Wer Port %2 sieht …</translation>
    </message>
    <message>
        <source>Open localhost:%1 in the browser</source>
        <translation>localhost:%1 im Browser öffnen</translation>
    </message>
    <message>
        <source>Stop forwarding</source>
        <translation>Nicht mehr weiterleiten</translation>
    </message>
    <message>
        <source>Open the preview of port %1 in the browser</source>
        <translation>Die Vorschau von Port %1 im Browser öffnen</translation>
    </message>
    <message>
        <source>Forward to this machine</source>
        <translation>An diesen Rechner weiterleiten</translation>
    </message>
    <message>
        <source>More about port %1</source>
        <translation>Mehr zu Port %1</translation>
    </message>
    <message>
        <source>nothing listens</source>
        <translation>nichts lauscht</translation>
    </message>
    <message>
        <source>No local port could be opened for port %1.</source>
        <translation>Für Port %1 ließ sich kein lokaler Port öffnen.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::ProblemsPanel</name>
    <message>
        <source>Error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Warnung</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>Problems</source>
        <translation>Probleme</translation>
    </message>
    <message>
        <source>Nothing is wrong by what was run last. Messages of compilers and tests that run in a terminal show here.</source>
        <translation>Nach dem, was zuletzt lief, ist nichts falsch. Meldungen von Compilern und Tests, die in einem Terminal laufen, zeigen sich hier.</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>Filter</translation>
    </message>
    <message>
        <source>Filter problems</source>
        <translation>Probleme filtern</translation>
    </message>
    <message>
        <source>Clear the problems</source>
        <translation>Die Probleme leeren</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>%1: %2, line %3</source>
        <translation>%1: %2, Zeile %3</translation>
    </message>
    <message>
        <source>No problem fits the filter.</source>
        <translation>Kein Problem passt zum Filter.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::QuickOpen</name>
    <message>
        <source>Name of a file</source>
        <translation>Name einer Datei</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>Dateien</translation>
    </message>
    <message>
        <source>Looking…</source>
        <translation>Sucht …</translation>
    </message>
    <message>
        <source>Nothing found among the first ten thousand files.</source>
        <translation>Unter den ersten zehntausend Dateien wurde nichts gefunden.</translation>
    </message>
    <message>
        <source>No file has such a name.</source>
        <translation>Keine Datei heißt so.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::RecentList</name>
    <message>
        <source>This machine</source>
        <translation>Dieser Rechner</translation>
    </message>
    <message>
        <source>RECENT</source>
        <translation>ZULETZT</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Take off this list</source>
        <translation>Von dieser Liste nehmen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::RecentMenu</name>
    <message>
        <source>Open Recent</source>
        <translation>Zuletzt geöffnete</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Noch keine</translation>
    </message>
</context>
<context>
    <name>berth::desktop::RunControl</name>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Port %1 – %2</source>
        <translation>Port %1 – %2</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>You may look at this workspace, not run programs in it</source>
        <translation>Sie dürfen diesen Workspace ansehen, keine Programme darin starten</translation>
    </message>
    <message>
        <source>This workspace has no run command</source>
        <translation>Dieser Workspace hat keinen Startbefehl</translation>
    </message>
    <message>
        <source>Stop “%1” (F5)</source>
        <translation>„%1“ anhalten (F5)</translation>
    </message>
    <message>
        <source>Run “%1” (F5)</source>
        <translation>„%1“ starten (F5)</translation>
    </message>
    <message>
        <source>Open what the workspace serves in the browser</source>
        <translation>Im Browser öffnen, was der Workspace anbietet</translation>
    </message>
    <message>
        <source>Nothing listens in the workspace yet</source>
        <translation>Noch lauscht nichts im Workspace</translation>
    </message>
    <message>
        <source>The server gave an address that is no web page.</source>
        <translation>Der Server gab eine Adresse, die keine Webseite ist.</translation>
    </message>
    <message>
        <source>No browser could be opened. The address: %1</source>
        <translation>Es ließ sich kein Browser öffnen. Die Adresse: %1</translation>
    </message>
</context>
<context>
    <name>berth::desktop::SearchFields</name>
    <message>
        <source>Show or hide replacing</source>
        <translation>Ersetzen zeigen oder verbergen</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Match case</source>
        <translation>Groß- und Kleinschreibung beachten</translation>
    </message>
    <message>
        <source>Whole words</source>
        <translation>Ganze Wörter</translation>
    </message>
    <message>
        <source>Regular expression</source>
        <translation>Regulärer Ausdruck</translation>
    </message>
    <message>
        <source>Replace with</source>
        <translation>Ersetzen durch</translation>
    </message>
    <message>
        <source>Replace in all files (Ctrl+Alt+Enter)</source>
        <translation>In allen Dateien ersetzen (Strg+Alt+Eingabe)</translation>
    </message>
    <message>
        <source>Replace in all files</source>
        <translation>In allen Dateien ersetzen</translation>
    </message>
    <message>
        <source>Files to look through: *.py, src/**</source>
        <translation>Zu durchsuchende Dateien: *.py, src/**</translation>
    </message>
    <message>
        <source>Files to leave out: *.min.js, build/</source>
        <translation>Auszulassende Dateien: *.min.js, build/</translation>
    </message>
    <message>
        <source>Also hidden files and what .gitignore names</source>
        <translation>Auch versteckte Dateien und die aus .gitignore</translation>
    </message>
    <message>
        <source>Which files</source>
        <translation>Welche Dateien</translation>
    </message>
    <message>
        <source>Search in %1</source>
        <translation>In %1 suchen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::SearchPanel</name>
    <message numerus="yes">
        <source>… and %n more</source>
        <translation>
            <numerusform>… und %n weiterer</numerusform>
            <numerusform>… und %n weitere</numerusform>
        </translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Suche</translation>
    </message>
    <message>
        <source>Search results</source>
        <translation>Treffer</translation>
    </message>
    <message>
        <source>Looks through all files of the project, with what is typed in open ones. Names in .gitignore are left out unless you ask for them.</source>
        <translation>Durchsucht alle Dateien des Projekts, in offenen auch das gerade Getippte. Namen aus .gitignore bleiben weg, wenn Sie nicht nach ihnen fragen.</translation>
    </message>
    <message>
        <source>Search again</source>
        <translation>Noch einmal suchen</translation>
    </message>
    <message>
        <source>Stop searching</source>
        <translation>Die Suche anhalten</translation>
    </message>
    <message>
        <source>Close or open all files</source>
        <translation>Alle Dateien zu- oder aufklappen</translation>
    </message>
    <message>
        <source>Clear the search</source>
        <translation>Die Suche leeren</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <translation>%1 in %2</translation>
    </message>
    <message>
        <source>Nothing was found.</source>
        <translation>Nichts wurde gefunden.</translation>
    </message>
    <message>
        <source>Searching…</source>
        <translation>Sucht …</translation>
    </message>
    <message>
        <source>Searching… %1</source>
        <translation>Sucht … %1</translation>
    </message>
    <message>
        <source>Replacing…</source>
        <translation>Ersetzt …</translation>
    </message>
    <message>
        <source>There are more: say more exactly what to look for, or where.</source>
        <translation>Es gibt noch mehr: sagen Sie genauer, was zu suchen ist oder wo.</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Replace in This Line</source>
        <translation>In dieser Zeile ersetzen</translation>
    </message>
    <message>
        <source>Replace in This File</source>
        <translation>In dieser Datei ersetzen</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Copy the Path</source>
        <translation>Den Pfad kopieren</translation>
    </message>
    <message>
        <source>Leave This Line Out</source>
        <translation>Diese Zeile auslassen</translation>
    </message>
    <message>
        <source>Leave This File Out</source>
        <translation>Diese Datei auslassen</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Nothing was replaced.</source>
        <translation>Nichts wurde ersetzt.</translation>
    </message>
    <message>
        <source>Replaced: %1 in %2.</source>
        <translation>Ersetzt: %1 in %2.</translation>
    </message>
    <message>
        <source>Left as they are:</source>
        <translation>Blieben, wie sie sind:</translation>
    </message>
    <message>
        <source>1 match</source>
        <translation>1 Treffer</translation>
    </message>
    <message numerus="yes">
        <source>%n matches</source>
        <translation>
            <numerusform>%n Treffer</numerusform>
            <numerusform>%n Treffer</numerusform>
        </translation>
    </message>
    <message>
        <source>1 file</source>
        <translation>1 Datei</translation>
    </message>
    <message numerus="yes">
        <source>%n files</source>
        <translation>
            <numerusform>%n Datei</numerusform>
            <numerusform>%n Dateien</numerusform>
        </translation>
    </message>
    <message>
        <source>Taken back in %1.</source>
        <translation>In %1 zurückgenommen.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::ServerList</name>
    <message>
        <source>SERVERS</source>
        <translation>SERVER</translation>
    </message>
    <message>
        <source>Sign In</source>
        <translation>Anmelden</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>Signed out</source>
        <translation>Abgemeldet</translation>
    </message>
    <message>
        <source>Forget this server</source>
        <translation>Diesen Server vergessen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::SettingRow</name>
    <message>
        <source>Reset</source>
        <translation>Zurücksetzen</translation>
    </message>
    <message>
        <source>As usual: %1</source>
        <translation>Wie üblich: %1</translation>
    </message>
</context>
<context>
    <name>berth::desktop::SettingsDialog</name>
    <message>
        <source>Settings</source>
        <translation>Einstellungen</translation>
    </message>
    <message>
        <source>Keys…</source>
        <translation>Tasten …</translation>
    </message>
    <message>
        <source>They hold on every device where you sign in, in the desktop and the browser.</source>
        <translation>Sie gelten auf jedem Gerät, auf dem Sie sich anmelden, im Desktop und im Browser.</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>Einstellungen durchsuchen</translation>
    </message>
    <message>
        <source>Groups of settings</source>
        <translation>Gruppen von Einstellungen</translation>
    </message>
    <message>
        <source>Restart Now</source>
        <translation>Jetzt neu starten</translation>
    </message>
    <message>
        <source>The language changes when Berth starts again. What is open comes back: windows, tabs and cursors.</source>
        <translation>Die Sprache wechselt, wenn Berth neu startet. Was offen ist, kommt wieder: Fenster, Tabs und Cursor.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::SettingsJson</name>
    <message>
        <source>Use These Settings</source>
        <translation>Diese Einstellungen verwenden</translation>
    </message>
    <message>
        <source>Undo Changes</source>
        <translation>Änderungen verwerfen</translation>
    </message>
    <message>
        <source>Settings as JSON</source>
        <translation>Einstellungen als JSON</translation>
    </message>
    <message>
        <source>Ctrl+S uses them.</source>
        <translation>Strg+S verwendet sie.</translation>
    </message>
    <message>
        <source>What stands here was chosen otherwise than usual; Ctrl+Space offers names and values.</source>
        <translation>Was hier steht, wurde anders als üblich gewählt; Strg+Leertaste bietet Namen und Werte an.</translation>
    </message>
    <message>
        <source>These settings are used now.</source>
        <translation>Diese Einstellungen gelten jetzt.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::SettingsRows</name>
    <message>
        <source>No setting has such words.</source>
        <translation>Keine Einstellung hat solche Wörter.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::ShareDialog</name>
    <message>
        <source>Leave “%1”? You come back only when somebody invites you again.</source>
        <translation>„%1“ verlassen? Sie kommen nur zurück, wenn Sie wieder jemand einlädt.</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>Einen Moment …</translation>
    </message>
    <message>
        <source>Leave…</source>
        <translation>Verlassen …</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Try Again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>It belongs to %1 now; you may go on editing it.</source>
        <translation>Er gehört jetzt %1; Sie dürfen ihn weiter bearbeiten.</translation>
    </message>
    <message>
        <source>PEOPLE</source>
        <translation>PERSONEN</translation>
    </message>
    <message>
        <source>LINKS</source>
        <translation>LINKS</translation>
    </message>
    <message>
        <source>PUBLIC PAGE</source>
        <translation>ÖFFENTLICHE SEITE</translation>
    </message>
    <message>
        <source>HAND OVER TO A TEAM</source>
        <translation>AN EIN TEAM ÜBERGEBEN</translation>
    </message>
    <message>
        <source>Share “%1”</source>
        <translation>„%1“ teilen</translation>
    </message>
    <message>
        <source>People in “%1”</source>
        <translation>Personen in „%1“</translation>
    </message>
    <message>
        <source>Leave</source>
        <translation>Verlassen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::ShareLinks</name>
    <message>
        <source>Copy it now: it is not shown again.</source>
        <translation>Kopieren Sie ihn jetzt: er wird nicht noch einmal gezeigt.</translation>
    </message>
    <message>
        <source>Anyone who has the link, and an account here, can join by it.</source>
        <translation>Wer den Link und hier ein Konto hat, kann damit beitreten.</translation>
    </message>
    <message>
        <source>What people with the link may do</source>
        <translation>Was Personen mit dem Link dürfen</translation>
    </message>
    <message>
        <source>How long the link works</source>
        <translation>Wie lange der Link gilt</translation>
    </message>
    <message>
        <source>For a day</source>
        <translation>Einen Tag</translation>
    </message>
    <message>
        <source>For 7 days</source>
        <translation>7 Tage</translation>
    </message>
    <message>
        <source>For 30 days</source>
        <translation>30 Tage</translation>
    </message>
    <message>
        <source>Without an end</source>
        <translation>Ohne Ende</translation>
    </message>
    <message>
        <source>Make a Link</source>
        <translation>Einen Link anlegen</translation>
    </message>
    <message>
        <source>made %1</source>
        <translation>angelegt %1</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>bis %1</translation>
    </message>
    <message>
        <source>without an end</source>
        <translation>ohne Ende</translation>
    </message>
    <message>
        <source>used once</source>
        <translation>einmal verwendet</translation>
    </message>
    <message>
        <source>used %1 times</source>
        <translation>%1-mal verwendet</translation>
    </message>
    <message>
        <source>End…</source>
        <translation>Beenden …</translation>
    </message>
    <message>
        <source>End the link made %1</source>
        <translation>Den Link beenden, der %1 angelegt wurde</translation>
    </message>
    <message>
        <source>End the Link</source>
        <translation>Den Link beenden</translation>
    </message>
    <message>
        <source>Nobody joins by it then. Who came by it stays.</source>
        <translation>Dann tritt niemand mehr damit bei. Wer durch ihn kam, bleibt.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::SharePeople</name>
    <message>
        <source>%1 (you)</source>
        <translation>%1 (Sie)</translation>
    </message>
    <message>
        <source>What %1 may do</source>
        <translation>Was %1 darf</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>More for %1</source>
        <translation>Mehr zu %1</translation>
    </message>
    <message>
        <source>Make Owner…</source>
        <translation>Übergeben …</translation>
    </message>
    <message>
        <source>Hand Over</source>
        <translation>Übergeben</translation>
    </message>
    <message>
        <source>Make %1 the owner? You may go on editing, but only %1 can share, rename or delete it then. It counts as theirs. The workspace must be stopped.</source>
        <translation>%1 zum Eigentümer machen? Sie dürfen weiter bearbeiten, aber nur %1 kann dann teilen, umbenennen und löschen. Es zählt dann dort. Der Workspace muss angehalten sein.</translation>
    </message>
    <message>
        <source>Make Owner</source>
        <translation>Übergeben</translation>
    </message>
    <message>
        <source>Take Out</source>
        <translation>Herausnehmen</translation>
    </message>
    <message>
        <source>Invited, until %1 · %2</source>
        <translation>Eingeladen, bis %1 · %2</translation>
    </message>
    <message>
        <source>Withdraw</source>
        <translation>Zurückziehen</translation>
    </message>
    <message>
        <source>Withdraw the invitation of %1</source>
        <translation>Die Einladung von %1 zurückziehen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::SharePublic</name>
    <message>
        <source>Anyone with the address can read the project</source>
        <translation>Wer die Adresse hat, kann das Projekt lesen</translation>
    </message>
    <message>
        <source>Address of the page</source>
        <translation>Adresse der Seite</translation>
    </message>
    <message>
        <source>Without an account: the files of the last stored version, and what runs on public ports. People may make copies. Look for passwords and keys in the files before you turn it on.</source>
        <translation>Ohne Konto: die Dateien der zuletzt gespeicherten Version, und was an öffentlichen Ports läuft. Andere dürfen Kopien machen. Suchen Sie in den Dateien nach Passwörtern und Schlüsseln, bevor Sie es einschalten.</translation>
    </message>
    <message>
        <source>Its address was shown when it was turned on.</source>
        <translation>Ihre Adresse wurde beim Einschalten gezeigt.</translation>
    </message>
    <message>
        <source>Make a New Address…</source>
        <translation>Eine neue Adresse anlegen …</translation>
    </message>
    <message>
        <source>Make a New Address</source>
        <translation>Eine neue Adresse anlegen</translation>
    </message>
    <message>
        <source>The address that was given out before stops working.</source>
        <translation>Die vorher ausgegebene Adresse gilt dann nicht mehr.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::ShareTeam</name>
    <message>
        <source>Hand Over…</source>
        <translation>Übergeben …</translation>
    </message>
    <message>
        <source>A workspace of a team is for all its members, each with their role there, and counts against the team&apos;s limits. It has to be stopped first.</source>
        <translation>Der Workspace eines Teams ist für alle Mitglieder da, jeweils mit ihrer Rolle dort, und zählt zu den Grenzen des Teams. Er muss zuerst angehalten werden.</translation>
    </message>
    <message>
        <source>Whom to hand it over to</source>
        <translation>Wem er übergeben wird</translation>
    </message>
    <message>
        <source>Me</source>
        <translation>Mir</translation>
    </message>
    <message>
        <source>Make it yours? The team&apos;s members do not come in any more, unless you share it with them.</source>
        <translation>Zu Ihrem machen? Die Mitglieder des Teams kommen dann nicht mehr hinein, außer Sie teilen ihn mit ihnen.</translation>
    </message>
    <message>
        <source>Hand it over to the team “%1”? Its members may use it, and its owners decide about it from then on.</source>
        <translation>Dem Team „%1“ übergeben? Seine Mitglieder dürfen ihn verwenden, und seine Eigentümer entscheiden von da an darüber.</translation>
    </message>
    <message>
        <source>Hand Over</source>
        <translation>Übergeben</translation>
    </message>
</context>
<context>
    <name>berth::desktop::SignInWays</name>
    <message>
        <source>or</source>
        <translation>oder</translation>
    </message>
    <message>
        <source>Continue with %1</source>
        <translation>Weiter mit %1</translation>
    </message>
    <message>
        <source>Sign In with the Browser</source>
        <translation>Mit dem Browser anmelden</translation>
    </message>
</context>
<context>
    <name>berth::desktop::SnippetLibrary</name>
    <message>
        <source>These are too many snippets for one file.</source>
        <translation>Das sind zu viele Schnipsel für eine Datei.</translation>
    </message>
    <message>
        <source>Line %1: %2.</source>
        <translation>Zeile %1: %2.</translation>
    </message>
    <message>
        <source>an object is expected</source>
        <translation>ein Objekt wird erwartet</translation>
    </message>
    <message>
        <source>“%1” needs a prefix and a body.</source>
        <translation>„%1“ braucht „prefix“ und „body“.</translation>
    </message>
    <message>
        <source>There is no such language.</source>
        <translation>Diese Sprache gibt es nicht.</translation>
    </message>
    <message>
        <source>%1 can&apos;t be written: %2</source>
        <translation>%1 lässt sich nicht schreiben: %2</translation>
    </message>
</context>
<context>
    <name>berth::desktop::SnippetSession</name>
    <message>
        <source>Insert Snippet</source>
        <translation>Schnipsel einfügen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::SnippetsDialog</name>
    <message>
        <source>Snippets</source>
        <translation>Schnipsel</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>&amp;Sprache</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Sprache</translation>
    </message>
    <message>
        <source>All languages</source>
        <translation>Alle Sprachen</translation>
    </message>
    <message>
        <source>Snippets as JSON</source>
        <translation>Schnipsel als JSON</translation>
    </message>
    <message>
        <source>They are offered while you type, in VS Code&apos;s form, and stay on this device.</source>
        <translation>Sie werden beim Tippen angeboten, in der Form von VS Code, und bleiben auf diesem Gerät.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::StartWindow</name>
    <message>
        <source>Sign in again.</source>
        <translation>Melden Sie sich wieder an.</translation>
    </message>
    <message>
        <source>Text Not Saved</source>
        <translation>Text nicht gespeichert</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 und %2 weitere</translation>
    </message>
    <message>
        <source>What you typed in %1 never reached its workspace, which does not exist any more. It is still on this device.</source>
        <translation>Was Sie in %1 getippt haben, erreichte seinen Workspace nie, den es nicht mehr gibt. Es ist noch auf diesem Gerät.</translation>
    </message>
    <message>
        <source>Keep as Files</source>
        <translation>Als Dateien behalten</translation>
    </message>
    <message>
        <source>The last changes to %1 are kept on this device; they are sent when the workspace is opened again.</source>
        <translation>Die letzten Änderungen an %1 sind auf diesem Gerät aufbewahrt; sie werden geschickt, wenn der Workspace wieder geöffnet wird.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::StatusStrip</name>
    <message>
        <source>Go to a line</source>
        <translation>Zu einer Zeile</translation>
    </message>
    <message>
        <source>What a step of indentation is in this text</source>
        <translation>Was ein Einrückungsschritt in diesem Text ist</translation>
    </message>
    <message>
        <source>Language of this text</source>
        <translation>Sprache dieses Textes</translation>
    </message>
    <message>
        <source>How the file is read and written</source>
        <translation>Wie die Datei gelesen und geschrieben wird</translation>
    </message>
    <message>
        <source>What lines end with in the file</source>
        <translation>Womit Zeilen in der Datei enden</translation>
    </message>
    <message>
        <source>Connected</source>
        <translation>Verbunden</translation>
    </message>
    <message>
        <source>Connected · %1 ms</source>
        <translation>Verbunden · %1 ms</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Verbinden …</translation>
    </message>
    <message>
        <source>Disconnected</source>
        <translation>Getrennt</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Not available</source>
        <translation>Nicht verfügbar</translation>
    </message>
    <message>
        <source>Round-trip time to the workspace</source>
        <translation>Laufzeit zum Workspace und zurück</translation>
    </message>
    <message>
        <source>Last stored at %1.</source>
        <translation>Zuletzt gespeichert um %1.</translation>
    </message>
    <message>
        <source>Nothing is stored yet.</source>
        <translation>Noch nichts ist gespeichert.</translation>
    </message>
    <message>
        <source>Stored ✓</source>
        <translation>Gespeichert ✓</translation>
    </message>
    <message>
        <source>Storing…</source>
        <translation>Speichert …</translation>
    </message>
    <message>
        <source>Not stored</source>
        <translation>Nicht gespeichert</translation>
    </message>
    <message>
        <source>Not stored (%1)</source>
        <translation>Nicht gespeichert (%1)</translation>
    </message>
    <message>
        <source>%1 Click for the history.</source>
        <translation>%1 Ein Klick zeigt den Verlauf.</translation>
    </message>
    <message>
        <source>Ln %1, Col %2</source>
        <translation>Z %1, Sp %2</translation>
    </message>
</context>
<context>
    <name>berth::desktop::StorageMeter</name>
    <message>
        <source>%1 stored</source>
        <translation>%1 gespeichert</translation>
    </message>
    <message>
        <source>%1 of %2 stored</source>
        <translation>%1 von %2 gespeichert</translation>
    </message>
    <message>
        <source>Delete workspaces that you no longer need, or ask the administrator for more.</source>
        <translation>Löschen Sie Workspaces, die Sie nicht mehr brauchen, oder bitten Sie die Verwaltung um mehr.</translation>
    </message>
    <message>
        <source>Your storage is nearly full: %1 of %2 are left. %3</source>
        <translation>Ihr Speicher ist fast voll: %1 von %2 sind frei. %3</translation>
    </message>
    <message>
        <source>Your storage is full (%1). What you change stays in the workspaces, but is not stored as versions. %2</source>
        <translation>Ihr Speicher ist voll (%1). Was Sie ändern, bleibt in den Workspaces, wird aber nicht als Version gespeichert. %2</translation>
    </message>
    <message>
        <source>Storage for versions</source>
        <translation>Speicher für Versionen</translation>
    </message>
    <message>
        <source>What all versions of your workspaces take, each part counted once and compressed</source>
        <translation>Was alle Versionen Ihrer Workspaces belegen, jeder Teil einmal gezählt und komprimiert</translation>
    </message>
</context>
<context>
    <name>berth::desktop::SymbolPopup</name>
    <message>
        <source>Name of a symbol, or a colon and a line</source>
        <translation>Name eines Symbols, oder Doppelpunkt und Zeile</translation>
    </message>
    <message>
        <source>Symbols</source>
        <translation>Symbole</translation>
    </message>
    <message>
        <source>Type a line from 1 to %1, and after another colon a column.</source>
        <translation>Tippen Sie eine Zeile von 1 bis %1, und nach noch einem Doppelpunkt eine Spalte.</translation>
    </message>
    <message>
        <source>Nothing with a name was found here. A colon and a number go to a line.</source>
        <translation>Hier wurde nichts mit einem Namen gefunden. Doppelpunkt und Zahl führen zu einer Zeile.</translation>
    </message>
    <message>
        <source>No symbol has such a name.</source>
        <translation>Kein Symbol heißt so.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::TabViews</name>
    <message>
        <source>Preview beside the text (Ctrl+K V)</source>
        <translation>Vorschau neben dem Text (Strg+K V)</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>Vorschau</translation>
    </message>
    <message>
        <source>Preview in Place of the Text</source>
        <translation>Vorschau statt des Textes</translation>
    </message>
    <message>
        <source>Preview Beside the Text</source>
        <translation>Vorschau neben dem Text</translation>
    </message>
    <message>
        <source>Compare with the File on the Disk</source>
        <translation>Mit der Datei auf der Platte vergleichen</translation>
    </message>
    <message>
        <source>Compare with the Clipboard</source>
        <translation>Mit der Zwischenablage vergleichen</translation>
    </message>
    <message>
        <source>Print…</source>
        <translation>Drucken …</translation>
    </message>
    <message>
        <source>Print Preview…</source>
        <translation>Druckvorschau …</translation>
    </message>
    <message>
        <source>Write as PDF…</source>
        <translation>Als PDF schreiben …</translation>
    </message>
    <message>
        <source>Change the Encoding…</source>
        <translation>Die Kodierung ändern …</translation>
    </message>
    <message>
        <source>Change the Line Endings…</source>
        <translation>Die Zeilenenden ändern …</translation>
    </message>
    <message>
        <source>Change the Indentation…</source>
        <translation>Die Einrückung ändern …</translation>
    </message>
    <message>
        <source>Change the Language…</source>
        <translation>Die Sprache ändern …</translation>
    </message>
    <message>
        <source>Own Snippets…</source>
        <translation>Eigene Schnipsel …</translation>
    </message>
    <message>
        <source>Markdown texts and SVG drawings have a preview.</source>
        <translation>Eine Vorschau haben Markdown-Texte und SVG-Zeichnungen.</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>Vergleichen</translation>
    </message>
</context>
<context>
    <name>berth::desktop::TemplateList</name>
    <message>
        <source>TEMPLATES OF THIS SERVER</source>
        <translation>VORLAGEN DIESES SERVERS</translation>
    </message>
    <message>
        <source>TEMPLATES OF %1</source>
        <translation>VORLAGEN VON %1</translation>
    </message>
</context>
<context>
    <name>berth::desktop::TerminalDrop</name>
    <message>
        <source>Files can be put below your home folder only; this shell is in %1.</source>
        <translation>Dateien lassen sich nur unterhalb Ihres Home-Ordners ablegen; diese Shell ist in %1.</translation>
    </message>
    <message>
        <source>%1 is there already.</source>
        <translation>%1 ist schon da.</translation>
    </message>
    <message numerus="yes">
        <source>%n of these are there already.</source>
        <translation>
            <numerusform>%n davon ist schon da.</numerusform>
            <numerusform>%n davon sind schon da.</numerusform>
        </translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>Ersetzen</translation>
    </message>
    <message>
        <source>Use What Is There</source>
        <translation>Verwenden, was da ist</translation>
    </message>
</context>
<context>
    <name>berth::desktop::TerminalFindBar</name>
    <message>
        <source>Find in the terminal</source>
        <translation>Im Terminal suchen</translation>
    </message>
    <message>
        <source>Match case</source>
        <translation>Groß- und Kleinschreibung beachten</translation>
    </message>
    <message>
        <source>Whole words</source>
        <translation>Ganze Wörter</translation>
    </message>
    <message>
        <source>Regular expression</source>
        <translation>Regulärer Ausdruck</translation>
    </message>
    <message>
        <source>Older (Enter)</source>
        <translation>Älter (Eingabe)</translation>
    </message>
    <message>
        <source>Newer (Shift+Enter)</source>
        <translation>Neuer (Umschalt+Eingabe)</translation>
    </message>
    <message>
        <source>Close (Escape)</source>
        <translation>Schließen (Escape)</translation>
    </message>
    <message>
        <source>Not an expression</source>
        <translation>Kein Ausdruck</translation>
    </message>
    <message>
        <source>Takes too long</source>
        <translation>Dauert zu lange</translation>
    </message>
    <message>
        <source>No results</source>
        <translation>Kein Treffer</translation>
    </message>
    <message>
        <source>%1 results</source>
        <translation>%1 Treffer</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 von %2</translation>
    </message>
</context>
<context>
    <name>berth::desktop::TerminalGutter</name>
    <message>
        <source>The command is running.</source>
        <translation>Der Befehl läuft.</translation>
    </message>
    <message>
        <source>The command succeeded (exit code 0).</source>
        <translation>Der Befehl gelang (Status 0).</translation>
    </message>
    <message>
        <source>The command failed (exit code %1).</source>
        <translation>Der Befehl scheiterte (Status %1).</translation>
    </message>
    <message>
        <source>The command ended.</source>
        <translation>Der Befehl endete.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::TerminalPanel</name>
    <message>
        <source>New Terminal (Ctrl+Shift+T)</source>
        <translation>Neues Terminal (Strg+Umschalt+T)</translation>
    </message>
    <message>
        <source>Split (Ctrl+Shift+5)</source>
        <translation>Teilen (Strg+Umschalt+5)</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>Verbergen</translation>
    </message>
    <message>
        <source>New Terminal</source>
        <translation>Neues Terminal</translation>
    </message>
    <message>
        <source>No terminal is open. You may watch those that others open.</source>
        <translation>Kein Terminal ist offen. Sie dürfen zusehen, wenn andere eines öffnen.</translation>
    </message>
    <message>
        <source>You may look at this workspace, not run programs in it.</source>
        <translation>Sie dürfen diesen Workspace ansehen, keine Programme darin starten.</translation>
    </message>
    <message>
        <source>Name the Terminal</source>
        <translation>Das Terminal benennen</translation>
    </message>
    <message>
        <source>Name (empty: the program&apos;s own)</source>
        <translation>Name (leer: der des Programms)</translation>
    </message>
    <message>
        <source>A terminal rings</source>
        <translation>Ein Terminal klingelt</translation>
    </message>
    <message>
        <source>A command failed</source>
        <translation>Ein Befehl scheiterte</translation>
    </message>
    <message>
        <source>A command is done</source>
        <translation>Ein Befehl ist fertig</translation>
    </message>
    <message numerus="yes">
        <source>%1: exit code %2 after %n s</source>
        <translation>
            <numerusform>%1: Status %2 nach %n s</numerusform>
            <numerusform>%1: Status %2 nach %n s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: after %n s</source>
        <translation>
            <numerusform>%1: nach %n s</numerusform>
            <numerusform>%1: nach %n s</numerusform>
        </translation>
    </message>
    <message>
        <source>A program in this terminal wants to put text on your clipboard.</source>
        <translation>Ein Programm in diesem Terminal will Text in Ihre Zwischenablage legen.</translation>
    </message>
    <message>
        <source>Allow in This Workspace</source>
        <translation>In diesem Workspace erlauben</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
    <message>
        <source>%1 (usual)</source>
        <translation>%1 (üblich)</translation>
    </message>
    <message>
        <source>Split to the Right</source>
        <translation>Nach rechts teilen</translation>
    </message>
    <message>
        <source>Split Downwards</source>
        <translation>Nach unten teilen</translation>
    </message>
    <message>
        <source>Usual Profile</source>
        <translation>Übliches Profil</translation>
    </message>
    <message>
        <source>Profiles…</source>
        <translation>Profile …</translation>
    </message>
    <message>
        <source>Nothing here leads anywhere</source>
        <translation>Nichts hier führt irgendwohin</translation>
    </message>
    <message>
        <source>Open a terminal first.</source>
        <translation>Öffnen Sie zuerst ein Terminal.</translation>
    </message>
    <message>
        <source>This terminal is alone in its tab.</source>
        <translation>Dieses Terminal ist allein in seinem Reiter.</translation>
    </message>
    <message>
        <source>Into a Tab of Its Own</source>
        <translation>In einen eigenen Reiter</translation>
    </message>
    <message>
        <source>Open a Link…</source>
        <translation>Einen Link öffnen …</translation>
    </message>
    <message>
        <source>Lines Kept of New Terminals</source>
        <translation>Zeilen, die neue Terminals behalten</translation>
    </message>
    <message>
        <source>Call for Me When It Rings or a Long Command Ends</source>
        <translation>Mich rufen, wenn es klingelt oder ein langer Befehl endet</translation>
    </message>
    <message>
        <source>Copy What Is Selected at Once</source>
        <translation>Ausgewähltes sofort kopieren</translation>
    </message>
    <message>
        <source>Ask before Several Lines Are Pasted</source>
        <translation>Fragen, bevor mehrere Zeilen eingefügt werden</translation>
    </message>
    <message>
        <source>Programs May Put Text on the Clipboard</source>
        <translation>Programme dürfen Text in die Zwischenablage legen</translation>
    </message>
    <message>
        <source>End and close</source>
        <translation>Beenden und schließen</translation>
    </message>
    <message>
        <source>End and close the terminal</source>
        <translation>Das Terminal beenden und schließen</translation>
    </message>
    <message>
        <source>Terminal</source>
        <translation>Terminal</translation>
    </message>
    <message>
        <source> (ended)</source>
        <translation> (beendet)</translation>
    </message>
    <message>
        <source>Login shell</source>
        <translation>Login-Shell</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>in %1</translation>
    </message>
    <message numerus="yes">
        <source>Shown in %n windows</source>
        <translation>
            <numerusform>In %n Fenster gezeigt</numerusform>
            <numerusform>In %n Fenstern gezeigt</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>berth::desktop::TerminalProfilesDialog</name>
    <message>
        <source>Terminal Profiles</source>
        <translation>Terminalprofile</translation>
    </message>
    <message>
        <source>New terminals begin with</source>
        <translation>Neue Terminals beginnen mit</translation>
    </message>
    <message>
        <source>Your profiles</source>
        <translation>Ihre Profile</translation>
    </message>
    <message>
        <source>New profile</source>
        <translation>Neues Profil</translation>
    </message>
    <message>
        <source>New Profile</source>
        <translation>Neues Profil</translation>
    </message>
    <message>
        <source>A copy of this one</source>
        <translation>Eine Kopie von diesem</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Entfernen</translation>
    </message>
    <message>
        <source>the login shell</source>
        <translation>die Login-Shell</translation>
    </message>
    <message>
        <source>where the terminal beside it is</source>
        <translation>wo das Terminal daneben ist</translation>
    </message>
    <message>
        <source>NAME=value, one a line</source>
        <translation>NAME=Wert, eine je Zeile</translation>
    </message>
    <message>
        <source>Shell</source>
        <translation>Shell</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Code</translation>
    </message>
    <message>
        <source>Function</source>
        <translation>Funktion</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Server</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>Netzwerk</translation>
    </message>
    <message>
        <source>Document</source>
        <translation>Dokument</translation>
    </message>
    <message>
        <source>Internet</source>
        <translation>Internet</translation>
    </message>
    <message>
        <source>Panes</source>
        <translation>Fenster</translation>
    </message>
    <message>
        <source>&amp;Name</source>
        <translation>&amp;Name</translation>
    </message>
    <message>
        <source>&amp;Command</source>
        <translation>&amp;Befehl</translation>
    </message>
    <message>
        <source>&amp;Folder below home</source>
        <translation>&amp;Ordner unterhalb des Home-Ordners</translation>
    </message>
    <message>
        <source>&amp;Variables</source>
        <translation>&amp;Variablen</translation>
    </message>
    <message>
        <source>&amp;Icon</source>
        <translation>&amp;Symbol</translation>
    </message>
    <message>
        <source>C&amp;olour</source>
        <translation>&amp;Farbe</translation>
    </message>
    <message>
        <source>Not a variable: %1</source>
        <translation>Keine Variable: %1</translation>
    </message>
    <message>
        <source>A profile needs a name.</source>
        <translation>Ein Profil braucht einen Namen.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::TerminalView</name>
    <message>
        <source>Use My Size</source>
        <translation>Meine Größe verwenden</translation>
    </message>
    <message>
        <source>You watch this terminal.</source>
        <translation>Sie sehen diesem Terminal zu.</translation>
    </message>
    <message>
        <source>Sized by another window</source>
        <translation>Größe von einem anderen Fenster</translation>
    </message>
    <message>
        <source>Sized to fit the smallest window</source>
        <translation>Größe nach dem kleinsten Fenster</translation>
    </message>
    <message>
        <source>The program was ended by signal %1.</source>
        <translation>Das Programm wurde von Signal %1 beendet.</translation>
    </message>
    <message>
        <source>The program ended with status %1.</source>
        <translation>Das Programm endete mit Status %1.</translation>
    </message>
    <message>
        <source>The program ended.</source>
        <translation>Das Programm endete.</translation>
    </message>
    <message>
        <source>Run Again</source>
        <translation>Noch einmal starten</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>You only watch this terminal: what you type is not sent.</source>
        <translation>Sie sehen diesem Terminal nur zu: was Sie tippen, wird nicht geschickt.</translation>
    </message>
    <message>
        <source>%1
Ctrl+click to open</source>
        <translation>%1
Strg+Klick öffnet</translation>
    </message>
    <message>
        <source>%1
Links of this kind are not opened.</source>
        <translation>%1
Links dieser Art werden nicht geöffnet.</translation>
    </message>
    <message>
        <source>%1
Ctrl+click to open in the editor</source>
        <translation>%1
Strg+Klick öffnet im Editor</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Kopieren</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>Einfügen</translation>
    </message>
    <message>
        <source>Find…</source>
        <translation>Suchen …</translation>
    </message>
    <message>
        <source>Previous Prompt</source>
        <translation>Voriger Prompt</translation>
    </message>
    <message>
        <source>Next Prompt</source>
        <translation>Nächster Prompt</translation>
    </message>
    <message>
        <source>Text Size</source>
        <translation>Textgröße</translation>
    </message>
    <message>
        <source>Larger</source>
        <translation>Größer</translation>
    </message>
    <message>
        <source>Smaller</source>
        <translation>Kleiner</translation>
    </message>
    <message>
        <source>As Usual</source>
        <translation>Wie üblich</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>Farben</translation>
    </message>
    <message>
        <source>Show Keys before They Are Echoed</source>
        <translation>Tasten zeigen, bevor sie zurückkommen</translation>
    </message>
    <message>
        <source>This Window&apos;s Size for All</source>
        <translation>Die Größe dieses Fensters für alle</translation>
    </message>
    <message>
        <source>Close Terminal</source>
        <translation>Terminal schließen</translation>
    </message>
    <message>
        <source>As the Theme Has Them</source>
        <translation>Wie im Farbschema</translation>
    </message>
    <message>
        <source>On Slow Connections</source>
        <translation>Bei langsamen Verbindungen</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>Immer</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>Nie</translation>
    </message>
</context>
<context>
    <name>berth::desktop::TextComparison</name>
    <message>
        <source>Change Before</source>
        <translation>Änderung davor</translation>
    </message>
    <message>
        <source>Next Change</source>
        <translation>Nächste Änderung</translation>
    </message>
</context>
<context>
    <name>berth::desktop::TransferStrip</name>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Cancel all</source>
        <translation>Alle abbrechen</translation>
    </message>
    <message>
        <source>Looking through the folder…</source>
        <translation>Der Ordner wird durchgesehen …</translation>
    </message>
    <message>
        <source>Uploading %1</source>
        <translation>%1 wird hochgeladen</translation>
    </message>
    <message>
        <source>Downloading %1</source>
        <translation>%1 wird heruntergeladen</translation>
    </message>
    <message>
        <source> and %1 more</source>
        <translation> und %1 weitere</translation>
    </message>
    <message>
        <source> · %1</source>
        <translation> · %1</translation>
    </message>
</context>
<context>
    <name>berth::desktop::TrayIcon</name>
    <message numerus="yes">
        <source>Berth: %n workspace(s) open</source>
        <translation>
            <numerusform>Berth: %n Workspace offen</numerusform>
            <numerusform>Berth: %n Workspaces offen</numerusform>
        </translation>
    </message>
    <message>
        <source>All Workspaces</source>
        <translation>Alle Workspaces</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>%1 (runs)</source>
        <translation>%1 (läuft)</translation>
    </message>
</context>
<context>
    <name>berth::desktop::VersionActions</name>
    <message>
        <source>You may look at this workspace, not change it.</source>
        <translation>Sie dürfen diesen Workspace ansehen, nicht ändern.</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Alles</translation>
    </message>
    <message>
        <source>Restore</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Bring everything back?</source>
        <translation>Alles zurückholen?</translation>
    </message>
    <message>
        <source>Bring %1 back?</source>
        <translation>%1 zurückholen?</translation>
    </message>
    <message>
        <source>%1 becomes what it was at %2. Nothing is lost: what is there now is stored as a version of its own first, and files that the version does not have go to the trash.</source>
        <translation>%1 wird, was es um %2 war. Nichts geht verloren: was jetzt da ist, wird zuerst als eigene Version gespeichert, und Dateien, die die Version nicht hat, kommen in den Papierkorb.</translation>
    </message>
    <message>
        <source>The whole workspace</source>
        <translation>Der ganze Workspace</translation>
    </message>
    <message>
        <source>%1 was brought back. What was there before is a version of its own.</source>
        <translation>%1 wurde zurückgeholt. Was vorher da war, ist eine eigene Version.</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 und %2 weitere</translation>
    </message>
    <message>
        <source>%1 was brought back, but not %2: %3</source>
        <translation>%1 wurde zurückgeholt, aber nicht %2: %3</translation>
    </message>
    <message>
        <source>Keep What Is There Now</source>
        <translation>Behalten, was jetzt da ist</translation>
    </message>
    <message>
        <source>Name; a version with a name is kept for ever.</source>
        <translation>Name; eine Version mit Namen wird für immer behalten.</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>What is there now is kept as “%1”.</source>
        <translation>Was jetzt da ist, ist als „%1“ aufbewahrt.</translation>
    </message>
    <message>
        <source>Name This Version</source>
        <translation>Diese Version benennen</translation>
    </message>
    <message>
        <source>A version with a name is kept for ever. Without one it thins out with time.</source>
        <translation>Eine Version mit Namen wird für immer behalten. Ohne Namen verliert sie sich mit der Zeit.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Speichern</translation>
    </message>
    <message>
        <source>New Workspace from This Version</source>
        <translation>Neuer Workspace aus dieser Version</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>%1 copy</source>
        <translation>%1 Kopie</translation>
    </message>
    <message>
        <source>Create and Open</source>
        <translation>Anlegen und öffnen</translation>
    </message>
    <message>
        <source>%1 was downloaded to %2.</source>
        <translation>%1 wurde nach %2 heruntergeladen.</translation>
    </message>
    <message>
        <source>%1 was not downloaded: %2</source>
        <translation>%1 wurde nicht heruntergeladen: %2</translation>
    </message>
</context>
<context>
    <name>berth::desktop::VersionList</name>
    <message>
        <source>Today</source>
        <translation>Heute</translation>
    </message>
    <message>
        <source>Yesterday</source>
        <translation>Gestern</translation>
    </message>
    <message>
        <source>%1 added</source>
        <translation>%1 neu</translation>
    </message>
    <message>
        <source>%1 changed</source>
        <translation>%1 geändert</translation>
    </message>
    <message>
        <source>%1 deleted</source>
        <translation>%1 gelöscht</translation>
    </message>
    <message>
        <source>no file changed</source>
        <translation>keine Datei geändert</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>Wiederhergestellt</translation>
    </message>
    <message>
        <source>Imported</source>
        <translation>Importiert</translation>
    </message>
    <message>
        <source>Try Again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>Earlier Versions</source>
        <translation>Frühere Versionen</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>Versionen</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Lädt …</translation>
    </message>
    <message>
        <source>Nothing is stored yet. A version is made a moment after each change.</source>
        <translation>Noch nichts ist gespeichert. Einen Moment nach jeder Änderung entsteht eine Version.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::VimLine</name>
    <message>
        <source>Vim command</source>
        <translation>Vim-Befehl</translation>
    </message>
</context>
<context>
    <name>berth::desktop::VimMode</name>
    <message>
        <source>More than %L1 lines: too many for a block</source>
        <translation>Mehr als %L1 Zeilen: zu viele für einen Block</translation>
    </message>
    <message>
        <source>That is too much text</source>
        <translation>Das ist zu viel Text</translation>
    </message>
    <message>
        <source>More than %L1 macros within each other</source>
        <translation>Mehr als %L1 Makros ineinander</translation>
    </message>
    <message>
        <source>The macro ended after %L1 keys</source>
        <translation>Das Makro endete nach %L1 Tasten</translation>
    </message>
</context>
<context>
    <name>berth::desktop::WordCompletion</name>
    <message>
        <source>Offer Words</source>
        <translation>Wörter anbieten</translation>
    </message>
</context>
<context>
    <name>berth::desktop::WorkspaceFilter</name>
    <message>
        <source>Find a workspace</source>
        <translation>Einen Workspace suchen</translation>
    </message>
    <message>
        <source>Whose workspaces</source>
        <translation>Wessen Workspaces</translation>
    </message>
    <message>
        <source>Everybody’s</source>
        <translation>Alle</translation>
    </message>
    <message>
        <source>Mine</source>
        <translation>Meiner</translation>
    </message>
</context>
<context>
    <name>berth::desktop::WorkspaceLogDialog</name>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>Startet</translation>
    </message>
    <message>
        <source>Stopping</source>
        <translation>Wird angehalten</translation>
    </message>
    <message>
        <source>Deleting</source>
        <translation>Wird gelöscht</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>Wird geladen …</translation>
    </message>
    <message>
        <source>Log of %1</source>
        <translation>Protokoll von %1</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Wann</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Grund</translation>
    </message>
    <message>
        <source>It was never started.</source>
        <translation>Er wurde noch nie gestartet.</translation>
    </message>
</context>
<context>
    <name>berth::desktop::WorkspaceRow</name>
    <message>
        <source>%1 % of a core</source>
        <translation>%1 % eines Kerns</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1, %2</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Öffnen</translation>
    </message>
    <message>
        <source>More</source>
        <translation>Mehr</translation>
    </message>
    <message>
        <source>Share…</source>
        <translation>Teilen …</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Umbenennen …</translation>
    </message>
    <message>
        <source>History…</source>
        <translation>Verlauf …</translation>
    </message>
    <message>
        <source>Download All…</source>
        <translation>Alles herunterladen …</translation>
    </message>
    <message>
        <source>Leave…</source>
        <translation>Verlassen …</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>Löschen …</translation>
    </message>
    <message>
        <source>template of the team</source>
        <translation>Vorlage des Teams</translation>
    </message>
    <message>
        <source>used %1</source>
        <translation>verwendet %1</translation>
    </message>
    <message>
        <source>Public</source>
        <translation>Öffentlich</translation>
    </message>
    <message>
        <source>Shared</source>
        <translation>Geteilt</translation>
    </message>
    <message>
        <source>you may do everything</source>
        <translation>Sie dürfen alles</translation>
    </message>
    <message>
        <source>Shared with you</source>
        <translation>Mit Ihnen geteilt</translation>
    </message>
    <message>
        <source>Team %1, %2</source>
        <translation>Team %1, %2</translation>
    </message>
    <message>
        <source>Of %1, %2</source>
        <translation>Von %1, %2</translation>
    </message>
    <message>
        <source>%1, of %2, %3</source>
        <translation>%1, von %2, %3</translation>
    </message>
    <message>
        <source>A workspace of the team %1</source>
        <translation>Ein Workspace des Teams %1</translation>
    </message>
    <message>
        <source>People…</source>
        <translation>Personen …</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Läuft</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Startet …</translation>
    </message>
    <message>
        <source>Stopping…</source>
        <translation>Hält an …</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>Angehalten</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Fehlgeschlagen</translation>
    </message>
    <message>
        <source>Deleting…</source>
        <translation>Wird gelöscht …</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>Starten</translation>
    </message>
    <message>
        <source>Only people who may edit this workspace can start and stop it</source>
        <translation>Nur Personen, die diesen Workspace bearbeiten dürfen, können ihn starten und anhalten</translation>
    </message>
    <message>
        <source>Log…</source>
        <translation>Protokoll …</translation>
    </message>
</context>
<context>
    <name>berth::desktop::WorkspacesPage</name>
    <message>
        <source>Workspaces</source>
        <translation>Workspaces</translation>
    </message>
    <message>
        <source>Join…</source>
        <translation>Beitreten …</translation>
    </message>
    <message>
        <source>Join by Link</source>
        <translation>Mit einem Link beitreten</translation>
    </message>
    <message>
        <source>Join a workspace or a team by a link that you were sent</source>
        <translation>Einem Workspace oder Team mit einem Link beitreten, den Sie bekommen haben</translation>
    </message>
    <message>
        <source>New Workspace</source>
        <translation>Neuer Workspace</translation>
    </message>
    <message>
        <source>Account</source>
        <translation>Konto</translation>
    </message>
    <message>
        <source>Account and storage</source>
        <translation>Konto und Speicher</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1 auf %2</translation>
    </message>
    <message>
        <source>Storage is not known yet</source>
        <translation>Der Speicher ist noch nicht bekannt</translation>
    </message>
    <message>
        <source>Other Servers…</source>
        <translation>Andere Server …</translation>
    </message>
    <message>
        <source>This Machine</source>
        <translation>Dieser Rechner</translation>
    </message>
    <message>
        <source>Account…</source>
        <translation>Konto …</translation>
    </message>
    <message>
        <source>Sign Out</source>
        <translation>Abmelden</translation>
    </message>
    <message>
        <source>No workspace yet. Each is a small Linux machine of its own, with files, terminals and previews.</source>
        <translation>Noch kein Workspace. Jeder ist ein kleiner eigener Linux-Rechner, mit Dateien, Terminals und Vorschauen.</translation>
    </message>
    <message>
        <source>Create Your First Workspace</source>
        <translation>Legen Sie Ihren ersten Workspace an</translation>
    </message>
    <message>
        <source>Show More</source>
        <translation>Mehr zeigen</translation>
    </message>
    <message>
        <source>No workspace fits.</source>
        <translation>Kein Workspace passt.</translation>
    </message>
    <message>
        <source>Show All</source>
        <translation>Alle zeigen</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Neu</translation>
    </message>
    <message>
        <source>You are in the team “%1” now; its workspaces are in this list.</source>
        <translation>Sie sind jetzt im Team „%1“; seine Workspaces stehen in dieser Liste.</translation>
    </message>
    <message>
        <source>“%1” still runs. %2</source>
        <translation>„%1“ läuft noch. %2</translation>
    </message>
    <message>
        <source>Try Again</source>
        <translation>Noch einmal</translation>
    </message>
    <message>
        <source>“%1” was downloaded to %2.</source>
        <translation>„%1“ wurde nach %2 heruntergeladen.</translation>
    </message>
    <message>
        <source>“%1” was not downloaded: %2</source>
        <translation>„%1“ wurde nicht heruntergeladen: %2</translation>
    </message>
    <message>
        <source>Rename Workspace</source>
        <translation>Workspace umbenennen</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Name</translation>
    </message>
    <message>
        <source>Delete Workspace</source>
        <translation>Workspace löschen</translation>
    </message>
    <message>
        <source>Delete “%1” and all its files for good?</source>
        <translation>„%1“ und alle seine Dateien endgültig löschen?</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>Löschen</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>Einstellungen …</translation>
    </message>
    <message>
        <source>About Berth</source>
        <translation>Über Berth</translation>
    </message>
</context>
</TS>
