/** Unit tests run in Node: give them the browser's database. */
import 'fake-indexeddb/auto';
